import {
  AbortController,
  after,
  cancel,
  defineProperty,
  errorNamed,
  keysOf,
  sinceRunBegan,
} from "../../runtime/guest/index.guest.ts";
import type { AbortSignal } from "../../runtime/guest/index.guest.ts";
import * as hit from "./hit.guest.ts";
import { kv } from "./kv.guest.ts";
import { lazily } from "./lazily.guest.ts";
import { createSecrets } from "./secrets.guest.ts";

/** The share of the wall time after which `ctx.signal` aborts, so that a script can still end well. */
const WARN_AT = 0.9;

interface JournalWish {
  readonly keep?: unknown;
  readonly bodies?: unknown;
}

const readWish = (wish: unknown): object => {
  if (typeof wish !== "object" || wish === null) throw new TypeError("ctx.journal takes { keep?, bodies? }.");
  const { keep, bodies }: JournalWish = wish;
  for (const key of keysOf(wish)) {
    if (key !== "keep" && key !== "bodies")
      throw new TypeError(`ctx.journal does not know ${key}: only keep, bodies.`);
  }
  for (const value of [keep, bodies]) {
    if (value !== undefined && typeof value !== "boolean")
      throw new TypeError("keep and bodies are true or false.");
  }
  return { ...(keep === undefined ? {} : { keep }), ...(bodies === undefined ? {} : { bodies }) };
};

let warning: AbortController | undefined;
let timer: number | undefined;

const warn = (): void => {
  timer = undefined;
  warning?.abort(errorNamed("TimeoutError", `The run has used 90 % of its ${hit.wallMs()} ms.`));
};
const awaitWarning = (): void => {
  const left = hit.wallMs() * WARN_AT - sinceRunBegan();
  if (left <= 0) warn();
  else timer = after(left, warn);
};
const signalOfRun = (): AbortSignal => {
  if (warning !== undefined) return warning.signal;
  warning = new AbortController();
  awaitWarning();
  return warning.signal;
};

/** What it takes does not count among the run's time. The host stops its clock itself; here a timer goes by another. */
export const beyondTime = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  if (timer !== undefined) cancel(timer);
  timer = undefined;
  try {
    return await work();
  } finally {
    if (warning?.signal.aborted === false) awaitWarning();
  }
};

/** Everything given to `waitUntil`, more of which may come while it is awaited. */
export const background: Promise<unknown>[] = [];
let journal: object | undefined;
/** What the script asked of the journal. */
export const journalWish = (): object | undefined => journal;

const { params, path, client, responder, requestId, replay } = hit;
const members = {
  secrets: createSecrets(),
  journal: (wish: unknown): void => {
    journal = { ...journal, ...readWish(wish) };
  },
  timeLeft: (): number => Math.max(0, hit.wallMs() - sinceRunBegan()),
  waitUntil: (promise: unknown): void => {
    background[background.length] = Promise.resolve(promise);
  },
};
const newContext = (granted: object): object => {
  const ctx: object = {};
  lazily(ctx, { params, path, client, responder, requestId, replay });
  Object.assign(ctx, { locals: {} }, members, granted);
  // A timer that nobody looks at would be a host call of every run.
  defineProperty(ctx, "signal", {
    enumerable: true,
    configurable: true,
    get: signalOfRun,
  });
  return ctx;
};

// Made with the prelude, both: a run only chooses, and asks for what it uses.
const withState = newContext({ kv });
const withoutState = newContext({});
/** The `ctx` of the hit (docs/script-contract.md). */
export const contextOfRun = (): object => (hit.hasState() ? withState : withoutState);
