/** The line, from 0, of a Python script's first statement; 0 where there is none yet. */
export function scriptStart(text: string): number {
  const line = text.split("\n").findIndex((each) => /^\s*[^\s#]/.test(each));
  return Math.max(0, line);
}
