import { atTheDoor, type FunctionDescription } from "../../core/manifest.ts";
import type { Type } from "../../core/types.ts";

const listOf = (type: Type): Type => ({ list: { type, nullable: true } });

/**
 * A function as its cases have it, which is as C++ sees it: a case of a batch function has a column for each argument, and
 * gives a column; one of an aggregate has the column of a group, and gives a value; one of any other function is a row.
 */
export function caseSignature(description: FunctionDescription): FunctionDescription {
  if (description.kind !== "batch") return atTheDoor(description);
  return {
    ...description,
    arguments: description.arguments.map((argument) => ({ ...argument, type: listOf(argument.type), nullable: false })),
    result: { type: listOf(description.result.type), nullable: false },
  };
}
