import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { sparkSqlSettings } from "../../src/run/spark-sql/settings.ts";
import { projectRoot } from "../support/command-line.ts";
import { type SparkSeries, spark } from "../support/spark.ts";

const answerSchema = z.object({ types: z.array(z.string()).optional(), error: z.string().optional() });
export type Answer = z.infer<typeof answerSchema>;

/** One session of a real Spark, in which statements are run one after the other. */
export class StatementSession {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /** `mapped` is the Parquet file of the view of this name. Spark 4.3 generates code, 3.5 interprets expressions. */
  static async start(series: SparkSeries, mapped: string): Promise<StatementSession> {
    const { python, environment } = await spark(series);
    const script = path.join(projectRoot, "test", "spark", "statements.py");
    const codegen = series === "4.3" ? "FALLBACK" : "NO_CODEGEN";
    const child = spawn(python, [script, JSON.stringify(sparkSqlSettings), mapped, codegen], {
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (data: Buffer) => {
      said = `${said}${data}`.slice(-10_000);
    });
    const session = new StatementSession(child);
    const ready = await session.#lines.next();
    if (ready.done) throw new Error(`Spark ${series} did not start:\n${said}`);
    return session;
  }

  /** Writes the rows of a statement to a Parquet file. */
  async run(sql: string, output: string): Promise<Answer> {
    this.#process.stdin.write(`${JSON.stringify({ sql, output })}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error("Spark ended");
    return answerSchema.parse(JSON.parse(line.value));
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("close", resolve));
    this.#process.stdin.end();
    await ended;
  }
}
