import path from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { sanitizerSets } from "../../core/sanitizers.ts";
import { nodeEnvironment } from "../../toolchain/node-environment.ts";
import type { ModuleEntry } from "../modules.ts";
import type { Services } from "../services.ts";

const type = "native-udf";
const names = ["build", "stubs", "clean"] as const;

/** `{ "type": "native-udf", "task": "build", "module": "folder" }` in tasks.json. */
const definitionSchema = z.object({
  type: z.literal(type),
  task: z.enum(names),
  /** Folder of the module, from the workspace's; needed only where there are several. */
  module: z.string().optional(),
  debug: z.boolean().optional(),
  sanitize: z.enum(sanitizerSets).optional(),
});
type Definition = z.infer<typeof definitionSchema>;

/** The command line's build as tasks, with the problem matcher `$native-udf`. */
export function registerTasks(services: Services): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(type, {
    provideTasks: () =>
      services.modules.all.flatMap((entry) =>
        names.map((task) => taskOf(services, { entry, definition: { type, task, module: shownFolder(entry) } })),
      ),
    resolveTask: (task) => {
      const definition = definitionSchema.safeParse(task.definition).data;
      const entry = definition && entryOf(services, definition);
      // the very definition that tasks.json has: VS Code compares it
      return entry ? taskOf(services, { entry, definition, declared: task }) : undefined;
    },
  });
}

function shownFolder(entry: ModuleEntry): string {
  return vscode.workspace.asRelativePath(entry.module.root);
}

function entryOf({ modules }: Services, { module }: Definition): ModuleEntry | undefined {
  if (module === undefined) return modules.all[0];
  return modules.all.find((entry) => shownFolder(entry) === module || entry.module.root === module);
}

type Options = { entry: ModuleEntry; definition: Definition; declared?: vscode.Task };

function taskOf({ context }: Services, { entry, definition, declared }: Options): vscode.Task {
  const program = path.join(context.extensionPath, "dist", "cli.js");
  const { task: verb, debug, sanitize } = definition;
  const args = [program, verb, ...(debug ? ["--debug"] : []), ...(sanitize ? ["--sanitize", sanitize] : [])];
  const scope = declared?.scope ?? vscode.workspace.getWorkspaceFolder(entry.uri) ?? vscode.TaskScope.Workspace;
  const execution = new vscode.ProcessExecution(process.execPath, args, {
    cwd: entry.module.root,
    env: nodeEnvironment(),
  });
  const name = declared?.name ?? `${definition.task} ${entry.module.name}`;
  const task = new vscode.Task(declared?.definition ?? definition, scope, name, type, execution, "$native-udf");
  if (definition.task === "build") task.group = vscode.TaskGroup.Build;
  if (definition.task === "clean") task.group = vscode.TaskGroup.Clean;
  return task;
}
