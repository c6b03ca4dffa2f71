/** Oldest Node that native-udf runs on, as in package.json "engines". */
const oldest = [20, 17];

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < (oldest[0] ?? 0) || (major === oldest[0] && minor < (oldest[1] ?? 0))) {
  process.stderr.write(
    `error: Node ${process.versions.node} is too old. Install Node ${oldest.join(".")} or newer (https://nodejs.org).\n`,
  );
  process.exit(3);
}
