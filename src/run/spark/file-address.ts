/**
 * A file of this machine, or a folder that it shares with the cluster, as Spark is to read it: a bare path would be one in
 * the cluster's own storage where Hadoop has such a storage as its default (`fs.defaultFS`).
 */
export function fileAddress(file: string): string {
  return `file://${file}`;
}

/** The same of a file that is read: what Hadoop takes for a pattern stands for itself. Source: Hadoop's FileSystem.globStatus. */
export function readAddress(file: string): string {
  return fileAddress(file.replaceAll(/[\\*?[\]{}]/g, (sign) => `\\${sign}`));
}
