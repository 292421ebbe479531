import { type Compared, type Difference, differences } from "./difference.ts";
import type { Exchange, KeptBody } from "./exchange.ts";
import type { KeptUpstream } from "./upstream.ts";

/** What was changed on the way: from the sender's request to the one that left, and from what came back to the answer. */
export interface LegChanges {
  readonly request: readonly Difference[];
  readonly response: readonly Difference[];
}

/** Of each. */
const MOST_CHANGES = 200;
/** Who sends sets it from what it sends. */
const NOT_CHANGES = ["/headers/content-length"];

const isComparable = (body: KeptBody): boolean => !body.truncated && body.omitted !== true;

type Facts = Omit<Compared, "body">;

const changed = (
  [before, body]: readonly [Facts, KeptBody | "same"],
  [after, other]: readonly [Facts, KeptBody | "same"],
): readonly Difference[] => {
  const comparable = body !== "same" && other !== "same" && isComparable(body) && isComparable(other);
  const one = { ...before, body: comparable ? body.bytes : null };
  const two = { ...after, body: comparable ? other.bytes : null };
  const ignored = comparable ? NOT_CHANGES : [...NOT_CHANGES, "/body"];
  return differences(one, two, ignored, MOST_CHANGES).items;
};

/** Bodies that were not kept whole are not compared. */
export const legChanges = (
  { request, response }: Pick<Exchange, "request" | "response">,
  upstream: KeptUpstream,
): LegChanges => {
  const { method, url, headers } = request;
  const left = upstream.request;
  const came = upstream.response;
  const answer = { status: response.status, headers: response.headers };
  return {
    request: changed(
      [{ method, url, headers }, request.body],
      [{ method: left.method, url: left.url, headers: left.headers }, left.body],
    ),
    response:
      came === null
        ? []
        : changed([{ status: came.status, headers: came.headers }, came.body], [answer, response.body]),
  };
};
