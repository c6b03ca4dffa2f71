/** Characters `start` to `end` of a text, the last one excluded. */
export type Span = { start: number; end: number };

/** True from before the first character to behind the last one. */
export function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
