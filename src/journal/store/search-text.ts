import { shownBody } from "../../responders/index.ts";
import type { Exchange, KeptBody } from "../exchange.ts";
import type { HeaderPairs } from "../../lib/headers.ts";

/** Of each body: an index of trigrams takes several times the text that it is made of. */
export const SEARCHED_BODY_UNITS = 256 * 1024;

const textOf = ({ bytes }: KeptBody, headers: HeaderPairs): string => {
  if (bytes === null) return "";
  const shown = shownBody(new Uint8Array(bytes), headers);
  return "text" in shown ? shown.text.slice(0, SEARCHED_BODY_UNITS) : "";
};

const lines = (headers: HeaderPairs): string => headers.map(([name, value]) => `${name}: ${value}`).join("\n");

/** What a search looks through: URL, headers and text bodies, each part from a line of its own. */
export const searchText = ({ request, response }: Exchange): string =>
  [
    request.url,
    lines(request.headers),
    textOf(request.body, request.headers),
    lines(response.headers),
    textOf(response.body, response.headers),
  ]
    .join("\n")
    .replaceAll("\0", "\ufffd");
