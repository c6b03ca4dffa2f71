import type { TextEdit } from "./quick-fix.ts";
import { standardHeader } from "./standard-headers.ts";

/*
 * What g++ and clang say of a name that no header has brought. The compilers' own advice comes first: they know more
 * names. Quotes are ' or ‘ ’, by the locale.
 */
const quoted = "['‘](?<name>[^'’]+)['’]";
const advice = /['‘]?#include <(?<header>[a-z_]+(?:\.h)?)>|include (?:the header )?<(?<other>[a-z_]+(?:\.h)?)>/;
const complaints = [
  `^${quoted} in namespace ['‘]std['’] does not name a (?:template )?type`,
  `^${quoted} does not name a type`,
  `^${quoted} is not a member of ['‘]std['’]`,
  `^${quoted} was not declared in this scope`,
  `^${quoted} has not been declared`,
  `^(?:no member|no type|no template) named ${quoted} in namespace ['‘]std['’]`,
  `^(?:unknown type name|use of undeclared identifier|no template named) ${quoted}`,
  `^implicit instantiation of undefined template ${quoted}`,
].map((complaint) => new RegExp(complaint));

export type Complaint = {
  message: string;
  /** The notes below it. */
  notes: readonly string[];
};

/** The header that a compiler's complaint asks for; undefined where it is about something else. */
export function missingHeader({ message, notes }: Complaint): string | undefined {
  const match = complaints.map((complaint) => complaint.exec(message)).find((found) => found !== null);
  if (!match) return undefined;
  for (const note of notes) {
    const advised = advice.exec(note)?.groups;
    const header = advised?.header ?? advised?.other;
    if (header) return header;
  }
  const name = (match.groups?.name ?? "").replace(/^(?:::)?std::/, "").replace(/[<:].*$/, "");
  return standardHeader(name);
}

/** `#include <header>` at its place in the order of those that are there; undefined where the source has it. */
export function includeEdit(source: string, header: string): TextEdit | undefined {
  const includes = [...source.matchAll(/^[ \t]*#[ \t]*include[ \t]*(?<file><[^>\n]+>|"[^"\n]+").*(?:\n|$)/gm)];
  if (includes.some(({ groups }) => groups?.file === `<${header}>`)) return undefined;
  const line = `#include <${header}>\n`;
  const insert = (at: number, text: string): TextEdit => ({ span: { start: at, end: at }, text });
  const ofStandard = includes.filter(({ groups }) => /^<[a-z_]+>$/.test(groups?.file ?? ""));
  const [first] = ofStandard;
  const before = ofStandard.filter(({ groups }) => (groups?.file ?? "") < `<${header}>`).at(-1);
  if (before) return insertAfter(source, before.index + before[0].length, line);
  if (first) return insert(first.index, line);
  const last = includes.findLast(({ groups }) => groups?.file?.startsWith("<")) ?? includes.at(-1);
  if (last) return insertAfter(source, last.index + last[0].length, `\n${line}`);
  // behind what stands above all code: comments, #pragma once
  const head =
    /^(?:\s*(?:\/\/[^\n]*\n|\/\*[\s\S]*?\*\/[ \t]*\n|#[ \t]*pragma[ \t]+once[ \t]*\n))*/.exec(source)?.[0] ?? "";
  return insert(head.length, head === "" ? `${line}\n` : `\n${line}`);
}

function insertAfter(source: string, at: number, text: string): TextEdit {
  const isLineEnd = at === 0 || source[at - 1] === "\n";
  return { span: { start: at, end: at }, text: isLineEnd ? text : `\n${text}` };
}
