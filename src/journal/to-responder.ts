import type { Principal } from "../accounts/index.ts";
import { AppError } from "../lib/errors.ts";
import { type HeaderPairs, isHeaderName, isHeaderValue, SET_BY_PLATFORM } from "../lib/headers.ts";
import {
  type GivenBody,
  type Responder,
  type ResponderInput,
  type SavedResponder,
  shownBody,
} from "../responders/index.ts";
import type { Exchange } from "./exchange.ts";
import { noExchange, ownJournal, type OwnJournalDeps } from "./own-journal.ts";
import { styleOf } from "./style-of.ts";

export interface ToResponderDeps extends OwnJournalDeps {
  readonly readResponder: (principal: Principal, id: string) => Promise<Responder>;
  readonly createResponder: (principal: Principal, input: ResponderInput) => Promise<SavedResponder>;
}

const MOST_NAME = 100;
/** Of one name, before somebody is asked to tidy up. */
const MOST_NAMESAKES = 20;

/** A path as a pattern that takes it and no other: what begins a parameter or stands for a rest is encoded. */
const literalPath = (path: string): string =>
  path
    .split("/")
    .map((segment) => segment.replace(/^:/, "%3A").replaceAll("*", "%2A"))
    .join("/");

/** Without what was added on the way out, or cannot be sent again. */
const headersOf = ({ id, request, response }: Exchange): HeaderPairs =>
  response.headers.flatMap(([name, value]): HeaderPairs => {
    const lower = name.toLowerCase();
    if (SET_BY_PLATFORM.has(lower) || !isHeaderName(name) || !isHeaderValue(value)) return [];
    if (lower === "x-request-id" && value === id) return [];
    if (lower !== "content-security-policy" || styleOf(request) === "host") return [[name, value]];
    const own = value.replace(/(?:^|, )sandbox$/, "");
    return own === "" ? [] : [[name, own]];
  });

/** Encoded bodies stay as they are, with their `content-encoding`. */
const bodyOf = ({ response }: Exchange): GivenBody => {
  const { bytes, size, truncated } = response.body;
  if (truncated) {
    const detail = `Of the answer's body only ${bytes?.length ?? 0} of ${size} bytes were kept.`;
    throw new AppError("conflict", `This exchange cannot become a responder. ${detail}`);
  }
  const isEncoded = response.headers.some(([name]) => name.toLowerCase() === "content-encoding");
  const headers: HeaderPairs = isEncoded ? [["content-type", "application/octet-stream"]] : response.headers;
  const shown = bytes === null ? "" : shownBody(bytes, headers);
  return typeof shown !== "string" && "text" in shown ? shown.text : shown;
};

/** A responder that answers as this exchange was answered: to the same method and path, and never as a template. */
const mockOf = (exchange: Exchange, label: string | null): Omit<ResponderInput, "name"> => ({
  enabled: false,
  label,
  method: exchange.request.method,
  path: literalPath(exchange.request.path),
  response: {
    status: exchange.response.status,
    headers: headersOf(exchange),
    body: bodyOf(exchange),
    interpolate: false,
  },
});

const isNameTaken = (error: unknown): boolean =>
  error instanceof AppError && error.code === "conflict" && error.errors[0]?.path === "name";

/** Makes a disabled responder of what was answered. `not-found`; `conflict` when the body was not kept whole, or the route is taken. */
export const toResponder = async (
  deps: ToResponderDeps,
  principal: Principal,
  responderId: string,
  id: string,
): Promise<SavedResponder> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:read");
  const { definition } = await deps.readResponder(principal, responderId);
  const exchange = await ask((log) => log.read(id));
  if (exchange === null) throw noExchange();
  const mock = mockOf(exchange, definition.label);
  const { method, path } = exchange.request;
  for (let namesakes = 1; ; namesakes += 1) {
    const end = namesakes === 1 ? "" : ` (${namesakes})`;
    const name = `${definition.name}: ${method} ${path}`.slice(0, MOST_NAME - end.length) + end;
    try {
      return await deps.createResponder(principal, { ...mock, name });
    } catch (error) {
      if (!isNameTaken(error) || namesakes === MOST_NAMESAKES) throw error;
    }
  }
};
