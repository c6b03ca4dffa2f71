import * as z from "zod";
import type { DapResponse } from "./messages.ts";

const variableSchema = z.looseObject({
  name: z.string(),
  value: z.string(),
  type: z.string().optional(),
  variablesReference: z.number().int(),
});
const bodySchema = z.looseObject({ variables: z.array(variableSchema) });
type Variable = z.infer<typeof variableSchema>;

/** Asks the adapter for the members of a variable. */
export type AskMembers = (reference: number) => Promise<DapResponse>;

/**
 * A response to `variables` in which each std::string_view shows its text: debuggers show an address, or a text that goes
 * on behind its end, since a view ends with no zero.
 */
export async function withTexts(response: DapResponse, ask: AskMembers): Promise<DapResponse> {
  const body = bodySchema.safeParse(response.body).data;
  if (!body?.variables.some(isView)) return response;
  const variables = await Promise.all(
    body.variables.map(async (variable) => {
      const text = isView(variable) ? textOf(await ask(variable.variablesReference)) : undefined;
      return text === undefined ? variable : { ...variable, value: text };
    }),
  );
  return { ...response, body: { ...body, variables } };
}

function isView({ type = "", variablesReference }: Variable): boolean {
  return (
    variablesReference > 0 &&
    /^(?:const )?std::(?:__\w+::)?(?:string_view|basic_string_view<char\b.*>)(?: const)?$/.test(type)
  );
}

/** From the members that libstdc++ gives it. */
function textOf(members: DapResponse): string | undefined {
  const variables = bodySchema.safeParse(members.body).data?.variables ?? [];
  const member = (name: string) => variables.find((each) => each.name === name)?.value;
  const length = Number(member("_M_len"));
  if (length === 0) return '""';
  const quoted = /"(.*)"/s.exec(member("_M_str") ?? "")?.[1];
  return quoted === undefined || !Number.isSafeInteger(length) ? undefined : `"${firstBytes(quoted, length)}"`;
}

/** So many bytes of a text in C's notation; a mark where the debugger shows fewer. */
function firstBytes(quoted: string, length: number): string {
  let left = length;
  let text = "";
  for (const [token] of quoted.matchAll(/\\(?:x[0-9a-fA-F]{2}|[0-7]{3}|.)|./gsu)) {
    if (left <= 0) return text;
    left -= token.startsWith("\\") ? 1 : Buffer.byteLength(token);
    text += token;
  }
  return left > 0 ? `${text}…` : text;
}
