import process from "node:process";

/**
 * Lets a write wait where the reader is slower. Node opens its standard streams without, and then what native code
 * prints into a full pipe would be lost. Source: Node's lib/net.js, which does the same on Windows.
 */
export function blockOnOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const handle: unknown = Reflect.get(stream, "_handle");
    if (typeof handle !== "object" || handle === null) continue; // a file always waits
    const setBlocking: unknown = Reflect.get(handle, "setBlocking");
    if (typeof setBlocking === "function") Reflect.apply(setBlocking, handle, [true]);
  }
}
