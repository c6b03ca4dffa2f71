import { bootstrap } from "./bootstrap.mjs";
import { runCommand } from "./failure.mjs";

await runCommand(async () => {
  await bootstrap();
  const { buildBundles } = await import("./bundles.mjs");
  process.stdout.write((await buildBundles()) ? "Built dist/\n" : "dist/ is up to date\n");
  return 0;
});
