import type { HeaderPairs } from "../../lib/headers.ts";
import { commentLines } from "./comments.ts";
import { type Draft, headerOf, leftOut } from "./draft.ts";
import { headerItem } from "./httpie-item.ts";
import { httpieTarget } from "./httpie-target.ts";
import { reachable } from "./local-names.ts";
import { type ShellBody, shellBody, shellCommand, shellWord } from "./shell.ts";

/** HTTPie takes letters only for a method, and makes them capitals. */
const METHOD = /^[A-Z]+$/;

/** Without the first it would wait for a body, or mix one in; without the second a user's own `.netrc` replaces the authorization. */
const options = (body: ShellBody, asIs: boolean): string =>
  [
    ...(body.kind === "piped" ? [] : ["--ignore-stdin"]),
    "--ignore-netrc",
    ...(asIs ? ["--path-as-is"] : []),
  ].join(" ");

/** What HTTPie adds of its own, unless an item without a value takes it away. */
const unwanted = (draft: Draft): readonly string[] => {
  const names = ["accept", ...(draft.body.kind === "none" ? [] : ["content-type"])];
  return names.filter((name) => headerOf(draft, name) === undefined).map((name) => `'${name}:'`);
};

const notesOf = (draft: Draft, exact: boolean, impossible: HeaderPairs): readonly string[] => [
  ...draft.notes,
  ...leftOut(impossible, "as HTTPie would change it"),
  ...(exact ? [] : ["HTTPie rewrites this URL. The copy for curl sends the very same bytes."]),
  ...(headerOf(draft, "user-agent") === undefined ? ["HTTPie adds a user-agent of its own."] : []),
];

export const httpieText = (draft: Draft): string => {
  const { method, origin, target } = draft;
  if (!METHOD.test(method)) {
    return commentLines("#", [...draft.notes, `HTTPie cannot send the method ${method}. Copy it for curl.`]);
  }
  const { exact, asIs } = httpieTarget(target);
  const to = reachable(origin);
  const body = shellBody(draft.body);
  const items = draft.headers.map((pair) => ({ pair, item: headerItem(pair) }));
  const words = items.flatMap(({ item }) => (item === undefined ? [] : [shellWord(item)]));
  const impossible = items.flatMap(({ pair, item }) => (item === undefined ? [pair] : []));
  const command = [
    `http ${options(body, asIs)}`,
    ...(body.kind === "argument" ? [`--raw=${body.word}`] : []),
    `${method} ${shellWord(to.origin + target)}`,
    // From here on nothing is an option, whatever a name begins with.
    ...(draft.headers.some(([name]) => name.startsWith("-")) ? ["--"] : []),
    ...(to.host === undefined ? [] : [shellWord(`host:${to.host}`)]),
    ...words,
    ...unwanted(draft),
  ];
  return commentLines("#", notesOf(draft, exact, impossible)) + shellCommand(body, command);
};
