import { readFileSync } from "node:fs";

/**
 * What Linux knows of a process, the fields after the program's name: state, parent, group, session, terminal …
 * Source: proc(5), /proc/PID/stat. Empty where there is no such process or no /proc.
 */
export function statusFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may hold spaces and parentheses
  } catch {
    return [];
  }
}
