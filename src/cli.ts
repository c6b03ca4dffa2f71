import module from "node:module";
import process from "node:process";

// Node 22 and later keep the compiled code of what is imported from here on, which halves the start of a command
const enableCompileCache: unknown = Reflect.get(module, "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();

const { main } = await import("./cli/main.ts");
process.exitCode = await main();
