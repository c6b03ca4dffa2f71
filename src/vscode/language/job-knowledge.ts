import * as vscode from "vscode";
import type { Column, Known } from "../../author/columns.ts";
import { InputColumns } from "../../author/input-columns.ts";
import { type JobText, readJobText } from "../../author/job-text.ts";
import { messageOf, UdfError } from "../../core/error.ts";
import { dataFormatSchema, formatOfPath } from "../../core/job.ts";
import type { ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";
import { configuredNode } from "../settings.ts";
import { signalOf } from "./ranges.ts";

/** A job that is open in an editor. */
export type OpenJob = { entry: ModuleEntry; job: JobText };

/** What the providers know of the jobs in editors: their text, the module's functions, the input's columns. */
export class JobKnowledge implements vscode.Disposable {
  readonly #services: Services;
  #columns: { nodePath: string | undefined; columns: InputColumns } | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Undefined for a document that is in no module or has no job in it. */
  open(document: vscode.TextDocument): OpenJob | undefined {
    const entry = this.#services.modules.of(document.uri);
    const job = entry && readJobText(document.getText());
    return entry && job && { entry, job };
  }

  /** Functions of the last build, and the input's columns as long as they can be told. */
  async known({ entry, job }: OpenJob, token: vscode.CancellationToken): Promise<Known> {
    const { signal, dispose } = signalOf(token);
    try {
      return { functions: entry.manifest?.functions ?? [], input: await this.#input({ entry, job }, signal) };
    } finally {
      dispose();
    }
  }

  dispose(): void {
    void this.#columns?.columns.dispose();
  }

  /** None where the input cannot be read: a run says why. */
  async #input({ entry, job }: OpenJob, signal: AbortSignal): Promise<readonly Column[]> {
    const { input } = job;
    if (input === undefined || !vscode.workspace.isTrusted) return [];
    const format = dataFormatSchema.safeParse(job.format).data ?? formatOfPath(input);
    if (!format) return [];
    try {
      const reader = await this.#reader();
      return await reader.of({ root: entry.module.root, input, format }, signal);
    } catch (error) {
      if (!(error instanceof UdfError)) throw error;
      this.#services.log.debug(`The columns of ${input}: ${messageOf(error)}`);
      return [];
    }
  }

  async #reader(): Promise<InputColumns> {
    const nodePath = await configuredNode();
    if (!this.#columns || this.#columns.nodePath !== nodePath) {
      void this.#columns?.columns.dispose();
      this.#columns = { nodePath, columns: new InputColumns({ nodePath }) };
    }
    return this.#columns.columns;
  }
}
