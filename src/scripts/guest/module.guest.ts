import {
  defineGlobal,
  fetch,
  get,
  hasOwn,
  headersFrom,
  installWebApis,
  requestFromHit,
  requestParts,
  settle,
  startRun,
} from "../../runtime/guest/index.guest.ts";
import { background, contextOfRun, journalWish } from "./context.guest.ts";
import { badResult, sendDone, sendFailure } from "./ending.guest.ts";
import * as hit from "./hit.guest.ts";
import { sendResult } from "./reply.guest.ts";
import { defineVerifyWebhook } from "./verify-webhook.guest.ts";

type Handler = (request: object, ctx: object) => unknown;
const isHandler = (value: unknown): value is Handler => typeof value === "function";

const handlerOf = (exported: object): Handler => {
  for (const name of ["default", "onRequest"]) {
    const handler: unknown = hasOwn(exported, name) ? get(exported, name) : undefined;
    if (isHandler(handler)) return handler;
    if (handler !== undefined)
      throw badResult(`The export ${name} is not a function: export default (request, ctx) => …`);
  }
  throw badResult("The module exports no handler: export default (request, ctx) => …");
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
const request = requestFromHit(headersFrom(hit.headers), hit.parts);

const drive = async (): Promise<void> => {
  try {
    const exported: object = await import("script");
    const result = await handlerOf(exported)(request, contextOfRun());
    sendResult(result, { journal: journalWish(), done: background.length === 0 });
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
