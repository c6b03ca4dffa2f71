/** What spark-submit, Python and shells say where a job does not even begin. */
const errors: readonly RegExp[] = [
  /^Error: (?:Unrecognized option|Missing application resource|Cannot load main class|Failed to load class|No main class|Master must|Could not load|Must specify|Cluster deploy mode|Python applications|Unknown\/unsupported param|Failed to get main class|Kubernetes currently|Total executor cores|Executor \w+ must|Driver \w+ must|Only one of|Missing argument).*/,
  /can't open file '[^']+': \[Errno \d+\] .*/,
  /^(?:\S*sh: )?(?:\S+: line \d+: |\d+: |line \d+: )?\S*(?:spark-submit|pyspark|spark-class|java|python[\d.]*): (?:command not found|not found|No such file or directory|Permission denied)$/,
  /^JAVA_HOME is not set$/,
  /Application application_\w+ failed \d+ times? due to .*/,
  /^(?:\S+: line \d+: +\d+ )?Killed(?= +\S*spark|$)/,
  /^\S*python[\d.]*: No module named \S+$/,
  /(?:Application has been killed\. Reason: )?All masters are unresponsive.*/,
];

/** Why a job was not started; undefined for other lines. */
export function readLaunchError(text: string): string | undefined {
  for (const pattern of errors) {
    const found = pattern.exec(text);
    if (found) return found[0].replace(/^Error: |^\S+: line \d+: +\d+ (?=Killed)/, "").trim();
  }
  return undefined;
}
