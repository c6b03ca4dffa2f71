import { formatType, type Type } from "../../core/types.ts";
import { type Json, NotationError, spaced } from "../values/notation.ts";
import type { Cell } from "./csv-table.ts";
import { parseExactJson } from "./exact-json.ts";

/*
 * Values in cells: the text that JSON has for them, without its quotes. What is no text, number or bool is JSON: lists and
 * structs, and texts that are not valid UTF-8.
 */

const bytesPattern = /^\{\s*"hex"\s*:\s*"[0-9a-f]*"\s*\}$/i;
const numberPattern = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i;

/** What a cell says where a value of the type is meant. Throws NotationError. */
export function jsonOfCell(cell: Cell, type: Type): Json {
  if (cell === null) return null;
  if (type === "string") return bytesPattern.test(cell) ? readJson(cell, type) : cell;
  const text = cell.trim();
  if (typeof type === "object" && !("decimal" in type)) return readJson(text, type);
  if (type === "bool" && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if ((type === "float" || type === "double") && numberPattern.test(text)) return Number(text);
  return text;
}

function readJson(text: string, type: Type): Json {
  const json = parseExactJson(text);
  if (json !== undefined) return json;
  throw new NotationError(`must be ${formatType(type)} in JSON, not ${text.slice(0, 100)}`);
}

/** The cell that says a value. */
export function cellOfJson(json: Json): Cell {
  if (json === null) return null;
  if (typeof json === "object") return spaced(json);
  const text = String(json);
  // a text that looks like bytes
  return bytesPattern.test(text) ? spaced({ hex: Buffer.from(text).toString("hex") }) : text;
}
