import { utf8 } from "../../src/lib/bytes.ts";
import type { Capability } from "../../src/runtime/index.ts";
import { runOf, secret } from "./filling.ts";
import { httpGrant } from "./http-grants.ts";
import { frameOf, type PriceCase } from "./prices.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const bytes = (count: number): Bytes => Uint8Array.from({ length: count }, (_, index) => 97 + (index % 26));
const BIG = 400_000;

const SECRETS = Array.from({ length: 5 }, (_, at) =>
  secret(`KEY${at}`, `${at}-${"s".repeat(60)}`, { hosts: ["api.example.com"] }),
);

const asked = (more: object = {}): object => ({
  url: "https://api.example.com/",
  method: "POST",
  headers: [["content-type", "application/json"]],
  redirect: "follow",
  body: "none",
  ...more,
});
const line = (head: object, own = ""): Bytes => utf8(`${JSON.stringify(head)}\n${own}`);

/** `then`: guest code with the answer as `told`. */
const caseOf = (name: string, op: "fetch" | "fetch-bytes", argument: Bytes, then = ""): PriceCase => ({
  name: `${op}, ${name}`,
  setup: "const call = given(0)",
  call: `try { const told = JSON.parse(await later('${op}', call)); ${then} } catch {}`,
  bodies: [argument],
});
const answering = (path: string): Bytes => line(asked({ url: `https://api.example.com/${path}` }));
const pairs = (count: number, length: number) =>
  Array.from({ length: count }, (_, at): [string, string] => [`x-${at}`, "v".repeat(length)]);

const json = JSON.stringify({ a: "x".repeat(BIG) });
const many = JSON.stringify(Array.from({ length: BIG / 4 }, () => "a"));
const hex = "68777365635f".repeat(BIG / 12);
const percent = "%68".repeat(BIG / 3);

export const HTTP_CASES: readonly PriceCase[] = [
  caseOf("small", "fetch", line(asked())),
  caseOf("refused by the policy", "fetch", line(asked({ url: "http://10.0.0.1/" }))),
  caseOf("a header that is not allowed", "fetch", line(asked({ headers: [["host", "a"]] }))),
  caseOf("a long URL", "fetch", line(asked({ url: `https://api.example.com/${"a/".repeat(30_000)}` }))),
  caseOf("many headers", "fetch", line(asked({ headers: pairs(500, 10) }))),
  caseOf("a long header", "fetch", line(asked({ headers: pairs(1, 200_000) }))),
  caseOf("a head too long", "fetch", line(asked({ headers: pairs(1, 300_000) }))),
  caseOf("nested", "fetch", line({ a: Array.from({ length: 60_000 }, () => []) })),
  caseOf("no JSON", "fetch", utf8(`${"[".repeat(100_000)}\n`)),
  caseOf("a text", "fetch", line(asked({ body: "own" }), json)),
  caseOf("JSON of many strings", "fetch", line(asked({ body: "own" }), many)),
  caseOf("hexadecimal", "fetch", line(asked({ body: "own" }), JSON.stringify(hex))),
  caseOf("percent-encoded", "fetch", line(asked({ body: "own" }), JSON.stringify(percent))),
  caseOf(
    "a form",
    "fetch",
    line(
      asked({ body: "own", headers: [["content-type", "application/x-www-form-urlencoded"]] }),
      "a=b&".repeat(BIG / 4),
    ),
  ),
  caseOf("bytes", "fetch-bytes", frameOf(asked({ body: "own" }), [bytes(BIG)])),
  caseOf("bytes that are no text", "fetch-bytes", frameOf(asked({ body: "own" }), [bytes(BIG).fill(255)])),
  caseOf("redirects", "fetch", answering("redirect")),
  caseOf("an answer with many headers", "fetch", answering("headers")),
  caseOf("an answer, as bytes", "fetch", answering("big"), "await later('stream-bytes', at(told.stream))"),
  caseOf("an answer, as text", "fetch", answering("big"), "await later('stream-text', at(told.stream))"),
  caseOf(
    "an answer of invalid text",
    "fetch",
    answering("invalid"),
    "await later('stream-text', at(told.stream))",
  ),
  caseOf(
    "an answer in small pieces",
    "fetch",
    answering("pieces"),
    "await later('stream-bytes', at(told.stream))",
  ),
  caseOf(
    "an answer for several",
    "fetch",
    answering("big"),
    "const other = host('stream-clone', at(told.stream)); await later('stream-bytes', at(told.stream)); await later('stream-bytes', other)",
  ),
  ...["big", "secrets", "escapes"].map((path) =>
    caseOf(
      `an answer in which a secret is looked for, ${path}`,
      "fetch",
      line(
        asked({
          url: `https://api.example.com/${path}`,
          headers: [["authorization", runOf(SECRETS).text("KEY0")]],
        }),
      ),
      "await later('stream-bytes', at(told.stream))",
    ),
  ),
  { name: "stream-bytes, of none", call: "try { await later('stream-bytes', at(1e6)) } catch {}" },
  { name: "stream-clone, of none", call: "soft(() => host('stream-clone', at(1e6)))" },
  { name: "stream-cancel, of none", call: "host('stream-cancel', at(1e6))" },
];

/** Made once: to make them is none of the work that is paid for. */
const VALID = bytes(BIG);
const INVALID = bytes(BIG).fill(255);
const ONE = bytes(1);
const REPEATED = utf8(`0-${"s".repeat(60)}`.repeat(BIG / 62));
const ESCAPES = utf8("%30%2d%73%73\\u0073".repeat(BIG / 18));
const MANY = new Headers(pairs(500, 100));

const answerOf = (path: string): Response => {
  switch (path) {
    case "/redirect":
      return Response.redirect("https://api.example.com/redirect", 302);
    case "/headers":
      return new Response("x", { headers: MANY });
    case "/big":
      return new Response(VALID);
    case "/secrets":
      return new Response(REPEATED);
    case "/escapes":
      return new Response(ESCAPES);
    case "/invalid":
      return new Response(INVALID);
    case "/pieces":
      return new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => {
            for (let count = 0; count < 1_000; count += 1) controller.enqueue(ONE);
            controller.close();
          },
        }),
      );
    default:
      return new Response("hello");
  }
};

/** For each run anew, to a server that answers at once. */
export const httpGrants = (hasSecrets: boolean): (() => readonly Capability[]) => {
  const secrets = hasSecrets ? SECRETS : [];
  return () => [
    httpGrant({
      fetch: (input) => {
        const { pathname } = new URL(typeof input === "string" ? input : input.url);
        return Promise.resolve(answerOf(pathname));
      },
      secrets,
      placeholders: runOf(secrets).placeholders,
      limits: { fetches: 1e9, fetchesInFlight: 6 },
    }),
  ];
};
