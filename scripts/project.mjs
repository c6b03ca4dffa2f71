import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** @param {string[]} parts below the project's folder */
export const inProject = (...parts) => path.join(root, ...parts);
