import { StreamTooLong, tapStream } from "../../lib/tap.ts";
import type { Responded } from "../respond.ts";
import { brokenBy } from "./forwarded.ts";
import { troubleOf } from "./trouble.ts";

/** An ending without streams. */
export type WholeEnding = Exclude<Responded["ending"], { readonly kind: "forwarded" }>;

/**
 * An ending as plain data, where it is shown or compared and not sent: a forwarded body is read to its end. One that breaks
 * off, or has more than `mostBytes`, is told as a failure of the upstream.
 */
export const wholeEnding = async (
  { ending }: Pick<Responded, "ending">,
  mostBytes: number,
): Promise<WholeEnding> => {
  if (ending.kind !== "forwarded") return ending;
  const { status, headers, body } = ending.answer;
  if (body === null) return { kind: "reply", reply: { status, headers: [...headers], body: null } };
  const tap = tapStream(body, { keep: mostBytes, take: () => true, most: mostBytes });
  try {
    for await (const _ of tap.stream);
  } catch (error) {
    const { reason, message } =
      error instanceof StreamTooLong
        ? { reason: "too-large" as const, message: `It has more than ${mostBytes} bytes.` }
        : brokenBy(error);
    return troubleOf({ kind: "upstream-failed", reason, message });
  }
  return { kind: "reply", reply: { status, headers: [...headers], body: tap.passed().bytes } };
};
