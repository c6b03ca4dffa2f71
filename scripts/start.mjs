import { bootstrap } from "./bootstrap.mjs";
import { runCommand } from "./failure.mjs";

// Ctrl-C reaches the running command itself, which ends its workers; this process waits for it
process.on("SIGINT", () => undefined);

await runCommand(async () => {
  await bootstrap();
  const { buildBundles } = await import("./bundles.mjs");
  await buildBundles();
  const { runDemo } = await import("./demo.mjs");
  return runDemo();
});
