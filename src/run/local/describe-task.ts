import { describeInput } from "./input-files.ts";
import type { Reply, RequestOf } from "./messages.ts";
import { Session } from "./session.ts";

/** Names and types of an input's columns, without a job and without code of the author's. */
export async function describeTask(request: RequestOf<"describe">): Promise<Reply<"describe">> {
  const session = await Session.plain();
  try {
    return await describeInput(session, request);
  } finally {
    session.close();
  }
}
