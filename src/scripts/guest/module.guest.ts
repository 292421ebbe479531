import {
  installWebApis,
  primordials,
  requestFromHit,
  settle,
  startRun,
} from "../../runtime/guest/index.guest.ts";
import { makeContext } from "./context.guest.ts";
import { badResult, sendDone, sendFailure } from "./ending.guest.ts";
import { bodyOfHit, readHit } from "./hit.guest.ts";
import type { Hit } from "./hit.guest.ts";
import { sendResult } from "./reply.guest.ts";

type Handler = (request: object, ctx: object) => unknown;
const isHandler = (value: unknown): value is Handler => typeof value === "function";

const handlerOf = (exported: object): Handler => {
  for (const name of ["default", "onRequest"]) {
    const handler: unknown = primordials.hasOwn(exported, name) ? primordials.get(exported, name) : undefined;
    if (isHandler(handler)) return handler;
    if (handler !== undefined)
      throw badResult(`The export ${name} is not a function: export default (request, ctx) => …`);
  }
  throw badResult("The module exports no handler: export default (request, ctx) => …");
};

/** `waitUntil`: until all is settled, also what was added meanwhile. The first failure of a run is the one that is told. */
const finish = async (background: readonly Promise<unknown>[]): Promise<void> => {
  for (let index = 0; index < background.length; index += 1) {
    try {
      await background[index];
    } catch (error) {
      sendFailure(error);
    }
  }
  sendDone();
};

const drive = async (hit: Hit): Promise<void> => {
  const { ctx, wishes } = makeContext(hit);
  try {
    const exported: object = await import("script");
    const handler = handlerOf(exported);
    const request = requestFromHit({
      method: hit.method,
      url: hit.url,
      headers: [...hit.headers],
      held: bodyOfHit(hit),
    });
    sendResult(await handler(request, ctx), wishes.extras());
  } catch (error) {
    sendFailure(error);
  }
  await finish(wishes.background);
};

installWebApis();

/** The driver of the module form: `start` and `settle` are what the host calls (docs/host-door.md). */
export const start = (input: string): void => {
  const hit = readHit(input);
  startRun();
  void drive(hit);
};
export { settle };
