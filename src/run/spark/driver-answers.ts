import { isScript } from "../job-files.ts";
import type { DriverWork, FromDriver, ToDriver } from "./messages.ts";
import type { SparkRunOptions } from "./options.ts";
import { refuseUnfit } from "./preflight.ts";
import type { SparkEvents } from "./spark-events.ts";
import type { SparkSchema } from "./spark-schema.ts";

export type Refusal = Extract<FromDriver, { kind: "refused" }>;

type Options = {
  run: Pick<SparkRunOptions, "job" | "artifacts">;
  events: SparkEvents;
  /** An address whose columns the work waits for. */
  describe: string | undefined;
  /** What the session is to compute. */
  work: (described: SparkSchema | undefined) => Promise<DriverWork>;
  send: (message: ToDriver) => void;
};

/** What the driver has said, and the answer to it: the work, once the executors will do and the input is known. */
export class DriverAnswers {
  readonly #options: Options;
  /** Fulfilled when the driver has said how the work ended. */
  readonly ended: Promise<void>;
  #tellEnd: () => void = () => undefined;
  /** Fulfilled when the cluster has ended what was cancelled. */
  readonly cancelled: Promise<void>;
  /** Rejected when the run is not to begin. */
  readonly refused: Promise<never>;
  #confirm: () => void = () => undefined;
  #refuse: (error: unknown) => void = () => undefined;
  hasSession = false;
  isDone = false;
  failure: string | undefined;
  refusal: Refusal | undefined;
  /** A result is being put in its place, which is not to be ended. */
  isPublishing = false;
  isPublished = false;
  storedRows: number | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    this.cancelled = new Promise((resolve) => {
      this.#confirm = resolve;
    });
    this.refused = new Promise((_, reject) => {
      this.#refuse = reject;
    });
    this.refused.catch(() => undefined); // whoever drives waits for it
  }

  take(message: FromDriver): void {
    const { events } = this.#options;
    switch (message.kind) {
      case "session":
        this.hasSession = true;
        events.take(message);
        events.phase("looking at the executors");
        return;
      case "executors":
        this.#look(message);
        return;
      case "described":
        void this.#begin(message.schema);
        return;
      case "stored":
        this.storedRows = message.rows ?? undefined;
        return;
      case "publishing":
        this.isPublishing = true;
        events.phase("putting the result in its place");
        return;
      case "published":
        this.isPublished = true;
        return;
      case "refused":
        this.refusal = message;
        void this.#end();
        return;
      case "cancelled":
        this.#confirm();
        return;
      case "failed":
        this.failure = message.text;
        void this.#end();
        return;
      case "done":
        this.isDone = true;
        void this.#end();
        return;
      default:
        events.take(message);
    }
  }

  /** The session may go, once what the executors wrote has been read. */
  async #end(): Promise<void> {
    const { events, send } = this.#options;
    this.#tellEnd();
    await events.catchUp();
    send({ kind: "end" });
  }

  #look({ hosts }: Extract<FromDriver, { kind: "executors" }>): void {
    const { run, events, describe } = this.#options;
    try {
      refuseUnfit(
        hosts,
        run.artifacts.map(({ manifest }) => manifest),
      );
    } catch (error) {
      this.#refuse(error);
      return;
    }
    events.started(hosts);
    if (describe === undefined) void this.#begin(undefined);
    else events.phase("looking at the input");
  }

  async #begin(described: SparkSchema | undefined): Promise<void> {
    const { run, events, work, send } = this.#options;
    try {
      send({ kind: "begin", work: await work(described) });
      events.phase(isScript(run.job) ? "running the script" : "computing");
    } catch (error) {
      this.#refuse(error);
    }
  }
}
