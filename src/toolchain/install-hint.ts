import path from "node:path";
import * as z from "zod";
import { onPath } from "./on-path.ts";
import table from "./system-packages.json" with { type: "json" };

/** Package managers in the order they are looked for: brew last, since it may stand beside the system's own. */
export const packageManagers = ["apt-get", "dnf", "yum", "zypper", "pacman", "apk", "brew"] as const;
export type PackageManager = (typeof packageManagers)[number];

/** The tools that a user may lack. `static C++ library` is libstdc++.a, which some systems ship apart. */
export const toolNames = [
  "compiler",
  "static C++ library",
  "cmake",
  "ninja",
  "make",
  "objcopy",
  "debugger",
  "git",
  "node",
  "python",
] as const;
export type ToolName = (typeof toolNames)[number];

const argumentsSchema = z.array(z.string()).min(1);
const { managers, packages } = z
  .object({
    managers: z.record(
      z.enum(packageManagers),
      z.object({ install: argumentsSchema, refresh: argumentsSchema.optional() }),
    ),
    packages: z.record(z.enum(toolNames), z.record(z.enum(packageManagers), argumentsSchema)),
  })
  .parse(table);

export type InstallPlan = {
  manager: PackageManager;
  /** The command and its arguments, without sudo. */
  install: readonly string[];
  /** What brings the manager's package lists up to date, where that is a step of its own. */
  refresh: readonly string[] | undefined;
};

/** The system's package manager; undefined where none of those we know is on PATH. */
export function findPackageManager(): PackageManager | undefined {
  return packageManagers.find((manager) => onPath(manager) !== undefined);
}

/** What to type to get the tools; undefined where there is nothing to get or no manager that we know. */
export function installPlan(
  tools: readonly ToolName[],
  manager: PackageManager | undefined = findPackageManager(),
): InstallPlan | undefined {
  if (manager === undefined || tools.length === 0) return undefined;
  const { install, refresh } = managers[manager];
  const wanted = new Set(tools.flatMap((tool) => packages[tool][manager]));
  return { manager, install: [...install, ...wanted], refresh };
}

const toolOfCommand: readonly (readonly [RegExp, ToolName])[] = [
  [/^(?:c\+\+|g\+\+|clang\+\+|cc|gcc|clang)(?:-\d+)?$/, "compiler"],
  [/^libstdc\+\+\.a$/, "static C++ library"],
  [/^cmake3?$/, "cmake"],
  [/^ninja(?:-build)?$/, "ninja"],
  [/^g?make$/, "make"],
  [/^(?:objcopy|addr2line|strip|objdump|readelf|ld)$/, "objcopy"],
  [/^lldb(?:-dap|-vscode)?(?:-\d+)?$/, "debugger"],
  [/^git$/, "git"],
  [/^(?:node|npm|npx)$/, "node"],
  [/^python(?:3(?:\.\d+)?)?$/, "python"],
];

/** The tool that a program (or `libstdc++.a`) belongs to; undefined for one that we know nothing of. */
export function toolOf(program: string): ToolName | undefined {
  const name = path.basename(program);
  return toolOfCommand.find(([pattern]) => pattern.test(name))?.[1];
}

/** For people: what to type to get the programs, which are named as they are called. Without a full stop. */
export function installHint(programs: readonly string[], manager?: PackageManager): string {
  const tools = programs.flatMap((program) => toolOf(program) ?? []);
  const plan = installPlan(tools, manager);
  if (!plan || tools.length < programs.length) {
    const names = programs.map((program) => path.basename(program)).join(", ");
    return `Install ${names} with your system's package manager, or put its folder on PATH`;
  }
  const sudo = plan.manager === "brew" || process.getuid?.() === 0 ? "" : "sudo ";
  return `Install it: ${sudo}${plan.install.join(" ")}`;
}
