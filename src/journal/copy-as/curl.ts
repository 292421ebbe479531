import type { HeaderPair } from "../../lib/headers.ts";
import { commentLines } from "./comments.ts";
import { type Draft, headerOf } from "./draft.ts";
import { type ShellBody, shellBody, shellCommand, shellWord } from "./shell.ts";

/** The name always comes first, and no token begins with `@`: no value can name a file. `name;` is an empty value. */
const headerOption = ([name, value]: HeaderPair): string =>
  `--header ${shellWord(value === "" ? `${name};` : `${name}: ${value}`)}`;

/** Beyond this curl would ask with `Expect: 100-continue` first. */
const EXPECT_BYTES = 1024;

/** What curl adds of its own, unless a header without a value takes it away. */
const unwanted = (draft: Draft, hasData: boolean): readonly string[] => {
  const names = ["user-agent", "accept", ...(hasData ? ["content-type"] : [])];
  const added = names.filter((name) => headerOf(draft, name) === undefined);
  const asks = draft.body.kind !== "none" && draft.body.size > EXPECT_BYTES;
  return [...added, ...(asks ? ["expect"] : [])].map((name) => `--header '${name}:'`);
};

/** `--data-raw` and a literal `@-` read no file that a sender could name; without a body these methods still say so. */
const dataOptions = (body: ShellBody, method: string): readonly string[] => {
  if (body.kind === "argument") return [`--data-raw ${body.word}`];
  if (body.kind === "piped") return ["--data-binary @-"];
  return /^(POST|PUT|PATCH)$/.test(method) ? ["--data-raw ''"] : [];
};

/** With `--request HEAD` curl waits for the body that an answer only announces: so it is not to count, and to end with the connection. */
const HEAD_WITH_BODY = ["--request HEAD", "--ignore-content-length", "--header 'connection: close'"];

const methodOptions = (method: string, hasData: boolean): readonly string[] => {
  if (method === "HEAD") return hasData ? HEAD_WITH_BODY : ["--head"];
  return method === "GET" && !hasData ? [] : [`--request ${shellWord(method)}`];
};

/** Brackets and braces are a range for curl, and dot segments are resolved, unless it is told. */
const urlOptions = (url: string): readonly string[] => [
  ...(/[[\]{}]/.test(url) ? ["--globoff"] : []),
  ...(/\/(\.|%2e)/i.test(url) ? ["--path-as-is"] : []),
  `--url ${shellWord(url)}`,
];

export const curlText = (draft: Draft): string => {
  const body = shellBody(draft.body);
  const data = dataOptions(body, draft.method);
  const [first = "", ...rest] = [
    ...methodOptions(draft.method, data.length > 0),
    ...urlOptions(draft.origin + draft.target),
    ...draft.headers.map(headerOption),
    ...unwanted(draft, data.length > 0),
    ...data,
  ];
  return commentLines("#", draft.notes) + shellCommand(body, [`curl ${first}`, ...rest]);
};
