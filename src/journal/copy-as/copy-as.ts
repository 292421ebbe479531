import type { Exchange } from "../exchange.ts";
import { commentLines } from "./comments.ts";
import { curlText } from "./curl.ts";
import { draftOf } from "./draft.ts";
import { fetchText } from "./fetch.ts";
import { httpieText } from "./httpie.ts";
import { pythonText } from "./python.ts";

const TEXTS = { curl: curlText, httpie: httpieText, fetch: fetchText, python: pythonText } as const;

export type CopyForm = keyof typeof TEXTS;

export const COPY_FORMS: readonly CopyForm[] = ["curl", "httpie", "fetch", "python"];

export const isCopyForm = (text: string): text is CopyForm => COPY_FORMS.some((form) => form === text);

/**
 * The request once more, as a command for sh, bash or zsh, or as a small program for Node or Python 3: printable
 * characters and line feeds only, ending in one. What that client cannot say is said in comments on top.
 */
export const copyAs = (
  form: CopyForm,
  exchange: Exchange,
  { unredacted = false }: { readonly unredacted?: boolean } = {},
): string => {
  const draft = draftOf(exchange, unredacted);
  if ("unsendable" in draft) return commentLines(form === "fetch" ? "//" : "#", [draft.unsendable]);
  return TEXTS[form](draft);
};
