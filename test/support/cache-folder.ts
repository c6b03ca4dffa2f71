import { homedir } from "node:os";
import path from "node:path";

/** Where the tests keep between runs what takes long to get or make; outside of the project. */
export function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "native-udf");
}
