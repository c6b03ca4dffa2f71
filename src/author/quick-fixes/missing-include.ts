import type { TextEdit } from "./quick-fix.ts";
import { standardHeader } from "./standard-headers.ts";

/*
 * What g++ and clang say of a name that no header has brought. The compilers' own advice comes first: they know more
 * names. Quotes are ' or ‘ ’, by the locale.
 */
const quoted = "['‘](?<name>[^'’]+)['’]";
const advice = /['‘]?#include <(?<header>[a-z_]+(?:\.h)?)>|include (?:the header )?<(?<other>[a-z_]+(?:\.h)?)>/;
const ofStd = [
  `^${quoted} in namespace ['‘]std['’] does not name a (?:template )?type`,
  `^${quoted} is not a member of ['‘]std['’]`,
  `^(?:no member|no type|no template) named ${quoted} in namespace ['‘]std['’]`,
  `^['‘]std::(?<name>[^'’]+)['’] has not been declared`,
  `^(?:implicit instantiation of undefined template|incomplete type) ['‘](?:const )?std::(?<name>[^'’]+)['’]`,
].map((complaint) => new RegExp(complaint));
const ofAll = [
  `^${quoted} does not name a type`,
  `^${quoted} was not declared in this scope`,
  `^${quoted} has not been declared`,
  `^(?:unknown type name|use of undeclared identifier) ${quoted}`,
].map((complaint) => new RegExp(complaint));
/** Their names can stand without std:: before them; of others that would be a name of the author's own. */
const fromC = /^c(?:ctype|math|stddef|stdint|stdio|stdlib|string)$/;

export type Complaint = {
  message: string;
  /** The notes below it. */
  notes: readonly string[];
  /** The source from the place that it is about. */
  code: string;
};

/** The header that a compiler's complaint asks for; undefined where it is about something else. */
export function missingHeader({ message, notes, code }: Complaint): string | undefined {
  // clang without any header of the standard library
  const unknownStd = /^use of undeclared identifier ['‘]std['’]/.test(message) ? /^std::(?<name>\w+)/.exec(code) : null;
  const inStd = matchOf(ofStd, message) ?? unknownStd;
  const match = inStd ?? matchOf(ofAll, message);
  if (!match) return undefined;
  for (const note of notes) {
    const advised = advice.exec(note)?.groups;
    const header = advised?.header ?? advised?.other;
    if (header) return header;
  }
  const header = standardHeader((match.groups?.name ?? "").replace(/[<:].*$/, ""));
  return header !== undefined && (inStd || fromC.test(header)) ? header : undefined;
}

function matchOf(forms: readonly RegExp[], text: string): RegExpExecArray | null {
  for (const form of forms) {
    const match = form.exec(text);
    if (match) return match;
  }
  return null;
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
