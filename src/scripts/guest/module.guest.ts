import {
  defineGlobal,
  fetch,
  get,
  hasOwn,
  headersFrom,
  installWebApis,
  markSent,
  requestFromHit,
  requestParts,
  settle,
  startRun,
} from "../../runtime/guest/index.guest.ts";
import { background, contextOfRun, journalWish } from "./context.guest.ts";
import { badResult, sendDone, sendFailure } from "./ending.guest.ts";
import * as hit from "./hit.guest.ts";
import { runHooks } from "./hooks.guest.ts";
import { type Extras, sendResult } from "./reply.guest.ts";
import { defineVerifyWebhook } from "./verify-webhook.guest.ts";

type Handler = (given: object, ctx: object) => unknown;
const isHandler = (value: unknown): value is Handler => typeof value === "function";

const NO_REQUEST =
  "This responder has no upstream to forward a Request to; answer with a Response or a plain object.";

const NO_HANDLER = "The module exports no handler: export default (request, ctx) => …";

const exportedAs = (exported: object, name: string): Handler | undefined => {
  const handler: unknown = hasOwn(exported, name) ? get(exported, name) : undefined;
  if (handler === undefined || isHandler(handler)) return handler;
  throw badResult(`The export ${name} is not a function: export default (request, ctx) => …`);
};

/** `waitUntil`: until all is settled, also what was added meanwhile. The first failure of a run is the one that is told. */
const finish = async (): Promise<void> => {
  for (let index = 0; index < background.length; index += 1) {
    try {
      await background[index];
    } catch (error) {
      sendFailure(error);
    }
  }
  sendDone();
};

installWebApis();
defineVerifyWebhook({ secrets: "ctx.secrets", takes: "the request", partsOf: requestParts });
const headers = headersFrom(hit.headers);
markSent(headers);
const request = requestFromHit(headers, hit.parts);

const extras = (): Extras => ({ journal: journalWish(), done: background.length === 0 });

const drive = async (): Promise<void> => {
  try {
    const exported: object = await import("script");
    const onRequest = exportedAs(exported, "default") ?? exportedAs(exported, "onRequest");
    const ctx = contextOfRun();
    if (hit.hasUpstream()) {
      await runHooks({ onRequest, onResponse: exportedAs(exported, "onResponse") }, request, ctx, extras);
    } else {
      if (onRequest === undefined) throw badResult(NO_HANDLER);
      sendResult(await onRequest(request, ctx), extras(), NO_REQUEST);
    }
  } catch (error) {
    sendFailure(error);
  }
  await finish();
};

/** The driver of the module form: `start` and `settle` are what the host calls (docs/host-door.md). */
export const start = (input: string): void => {
  hit.receive(input);
  startRun();
  if (hit.hasHttp()) defineGlobal("fetch", fetch);
  void drive();
};
export { settle };
