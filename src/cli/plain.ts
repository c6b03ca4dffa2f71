/** Data is text: control characters, escapes among them, are shown and not obeyed. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
