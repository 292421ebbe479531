import { expect } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import type { CopyForm } from "../../../src/journal/index.ts";
import type { Received } from "./copy-as-recorder.ts";
import type { Sent } from "./copy-as-sent.ts";

/** What clients set themselves, and what never was the sender's. */
const NOT_COPIED =
  /^(host|content-length|transfer-encoding|connection|upgrade|keep-alive|te|trailer|expect|accept-encoding|cf-.*|cdn-loop)$/;

type Pair = readonly [string, string];

const byName = (a: Pair, b: Pair): number => (a[0] < b[0] ? -1 : Number(a[0] > b[0]));

/** What has to arrive, as bytes. */
const expectedHeaders = (sent: Sent, form: CopyForm): readonly Pair[] =>
  (sent.headers ?? [])
    .map(([name, value]): Pair => [
      name.toLowerCase(),
      Buffer.from(value.trim() === "" ? "" : value.replace(/^[ \t]+|[ \t]+$/g, ""), "utf8").toString(
        "latin1",
      ),
    ])
    .filter(([name]) => !NOT_COPIED.test(name) && sent.lost?.[form]?.includes(name) !== true)
    .toSorted(byName);

/** What a client adds although nobody asked, by what it says itself or what every request has. */
const addedBy = (form: CopyForm, text: string): readonly string[] => {
  const always = ["host", "content-length", "connection", "accept-encoding", "transfer-encoding"];
  const said = /fetch adds of its own: (.*)\./.exec(text)?.[1]?.split(", ") ?? [];
  return [...always, ...said, ...(text.includes("HTTPie adds a user-agent") ? ["user-agent"] : [])];
};

const LIMITS = /Left out|rewrites|cannot|Incomplete|in capitals/;

const joinRepeats = (pairs: readonly Pair[]): readonly Pair[] => {
  const joined = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return [...joined];
};

/** Compares what came with what was sent, byte for byte, but for what the text itself says that its client cannot. */
export const checkSent = (
  form: CopyForm,
  sent: Sent,
  text: string,
  authority: string,
  received: readonly Received[],
): void => {
  const limit = sent.limits?.[form];
  if (limit === undefined) expect(text).not.toMatch(LIMITS);
  else expect(text).toMatch(limit);
  if (sent.refused?.includes(form) === true) {
    expect(received).toEqual([]);
    return;
  }
  expect(received).toHaveLength(1);
  const [request] = received;
  if (request === undefined) return;
  const { method = "POST", target = "/hook", body = "" } = sent;
  expect(request.method).toBe(text.includes("in capitals") ? method.toUpperCase() : method);
  if (!text.includes("rewrites this URL")) expect(request.target).toBe(target);
  const added = addedBy(form, text);
  const wanted = expectedHeaders(sent, form);
  const got = request.headers
    .filter(([name]) => !added.includes(name) || wanted.some(([each]) => each === name))
    .toSorted(byName);
  const joins = form === "python" || form === "fetch";
  expect(joins ? joinRepeats(got) : got).toEqual(joins ? joinRepeats(wanted) : wanted);
  expect(request.headers.filter(([name]) => name === "host")).toEqual([["host", authority]]);
  const bytes = /sends no body/.test(text) ? new Uint8Array(0) : typeof body === "string" ? utf8(body) : body;
  expect(Buffer.compare(request.body, bytes)).toBe(0);
};

export const isShown = (text: string): boolean =>
  // eslint-disable-next-line no-control-regex -- naming the control characters is the point
  /^[^\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u0590-\u08ff\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*\n$/.test(
    text,
  );
