/**
 * Text of a log as it is: what would do something to a screen (escapes, control characters, characters that change the
 * direction) is shown as a sign.
 */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\ufeff]/gu, sign);
}

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\t") return character;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}
