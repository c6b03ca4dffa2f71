import * as z from "zod";

/** A value that must not be written down: the environment variable that has it. */
const fromEnvironmentSchema = z.strictObject({
  environment: z.string().min(1).describe("The environment variable that has the value."),
});

const settingSchema = z.union([z.string(), z.number(), z.boolean(), fromEnvironmentSchema]);
export type Setting = z.infer<typeof settingSchema>;

/** Names of Spark's settings whose values are credentials. Source: Spark's own `spark.redaction.regex`, and S3A's keys. */
const credentialName = /secret|password|token|access[.]?key|credential/i;
/** What only says where a credential is, or how it is got. Sources: Spark's and Hadoop's settings. */
const aboutCredential =
  /(?:provider|file|path|enabled)$|^spark[.]kubernetes[.](?:driver|executor)[.](?:secrets|secretKeyRef)[.]/i;
const credentialInUrl = /[;?&](?:token|user_token|password)=|\/\/[^/]*:[^/]*@/i;

const deployMode = "spark.submit.deployMode";

/** A Spark cluster: `master` (through spark-submit) or `connect`; Spark on this machine where neither is given. */
export const sparkTargetSchema = z
  .strictObject({
    kind: z.literal("spark"),
    master: z
      .string()
      .min(1)
      .optional()
      .describe("Spark's master URL: local[*], spark://host:7077, local-cluster[2,1,1024], yarn, k8s://…"),
    connect: z
      .string()
      .regex(/^sc:\/\/./, "must begin with sc://")
      .optional()
      .describe("URL of a Spark Connect server: sc://host:15002"),
    python: z
      .string()
      .min(1)
      .optional()
      .describe("The Python that has pyspark, for the driver; python3 where it is not given."),
    executorPython: z
      .string()
      .min(1)
      .optional()
      .describe("The Python of the executors, as a path or name there; the driver's where it is not given."),
    settings: z
      .record(z.string(), settingSchema)
      .default({})
      .describe("Spark's own settings, as spark-submit's --conf takes them."),
    token: fromEnvironmentSchema.optional().describe("The token for Spark Connect."),
  })
  .refine(({ master, connect }) => master === undefined || connect === undefined, {
    message: "has both master and connect: give one of them",
  })
  .refine(({ connect, token }) => token === undefined || connect !== undefined, {
    message: "has a token, which only connect takes",
  })
  .superRefine(({ settings, connect }, context) => {
    for (const [name, value] of Object.entries(settings)) {
      if (!name.startsWith("spark.")) {
        context.addIssue({ code: "custom", message: "its name must begin with spark.", path: ["settings", name] });
      }
      if (typeof value !== "string" || !credentialName.test(name) || aboutCredential.test(name)) continue;
      const message = 'is a credential, which belongs in no file: write {"environment": "NAME"}';
      context.addIssue({ code: "custom", message, path: ["settings", name] });
    }
    if (settings[deployMode] !== undefined && settings[deployMode] !== "client") {
      const message = 'must be "client": the driver runs on this machine, which shows the run';
      context.addIssue({ code: "custom", message, path: ["settings", deployMode] });
    }
    if (connect === undefined || !credentialInUrl.test(connect)) return;
    const message = 'holds a credential: write it as "token": {"environment": "NAME"}';
    context.addIssue({ code: "custom", message, path: ["connect"] });
  });
export type SparkTarget = z.infer<typeof sparkTargetSchema>;

/** Targets of a module by name, beside `local`, which is always there. */
export const targetsSchema = z.record(z.string(), sparkTargetSchema).superRefine((targets, context) => {
  for (const name of Object.keys(targets)) {
    if (/^[A-Za-z0-9][\w.-]*$/.test(name) && name !== "local") continue;
    const message = "a target's name is not local, and holds only letters, digits, '.', '-' and '_'";
    context.addIssue({ code: "custom", message, path: [name] });
  }
});
export type Targets = z.infer<typeof targetsSchema>;

/** Where a run goes, with the name it is told by. */
export const targetSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("local"), name: z.string() }),
  z.object({ kind: z.literal("spark"), name: z.string(), spark: sparkTargetSchema }),
]);
export type Target = z.infer<typeof targetSchema>;

export const localTarget: Target = { kind: "local", name: "local" };

/** Names that every module has: `spark` is Spark on this machine, unless the module says otherwise. */
export const builtInTargets = ["local", "spark"] as const;

/** The targets of a module: its own, and those that every module has. */
export function targetsOf(targets: Targets): Target[] {
  const spark: SparkTarget = { kind: "spark", settings: {} };
  const named = Object.entries({ spark, ...targets });
  return [localTarget, ...named.map(([name, each]) => ({ kind: "spark" as const, name, spark: each }))];
}

const masterUrl = /^(?:local(?:\[.*\]|-cluster\[.*\])?|spark:\/\/.+|yarn|k8s:\/\/.+)$/;

/** A target that is named by its URL; undefined where it is none. */
export function targetOfUrl(url: string): Target | undefined {
  const spark = url.startsWith("sc://")
    ? { kind: "spark", connect: url }
    : masterUrl.test(url)
      ? { kind: "spark", master: url }
      : undefined;
  const parsed = sparkTargetSchema.safeParse(spark);
  return parsed.success ? { kind: "spark", name: url, spark: parsed.data } : undefined;
}
