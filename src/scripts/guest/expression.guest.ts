import {
  defineGlobal,
  fetch,
  installWebApis,
  requestParts,
  settle,
  startRun,
} from "../../runtime/guest/index.guest.ts";
import { allowProxyRequests, denoShim } from "./deno.guest.ts";
import { sendDone, sendFailure } from "./ending.guest.ts";
import { context, contextParts, fitContext } from "./expression-context.guest.ts";
import { sendExpressionResult } from "./expression-result.guest.ts";
import { hasHttp, receive } from "./hit.guest.ts";
import { fitSecutils, secutilsShims } from "./secutils.guest.ts";
import { defineVerifyWebhook } from "./verify-webhook.guest.ts";

type Main = () => unknown;

const drive = async (main: Main): Promise<void> => {
  try {
    sendExpressionResult(await main());
  } catch (error) {
    sendFailure(error);
  }
  sendDone();
};

installWebApis();
defineGlobal("Deno", denoShim);
defineGlobal("secutils", secutilsShims.withState);
defineGlobal("context", context);
defineVerifyWebhook({
  secrets: "context.secrets",
  takes: "`context` itself, or a Request",
  partsOf: (given) => contextParts(given) ?? requestParts(given),
});

/** The driver of the expression form: `main` is the expression, not yet begun (docs/host-door.md). */
export const start = (input: string, main: Main): void => {
  receive(input);
  startRun();
  fitContext();
  fitSecutils();
  if (hasHttp()) {
    defineGlobal("fetch", fetch);
    allowProxyRequests();
  }
  void drive(main);
};
export { settle };
