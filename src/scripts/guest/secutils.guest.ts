import { ask, stringifyJson } from "../../runtime/guest/index.guest.ts";
import { hasState } from "./hit.guest.ts";
import { secutilsKv } from "./secutils-kv.guest.ts";

const text = (value: unknown, what: string): string => {
  if (typeof value !== "string") throw new TypeError(`${what} must be a string.`);
  return value;
};

const call = (op: string, argument: object): unknown => ask(op, stringifyJson(argument));

/** What Secutils.dev gives its responder scripts, as far as it exists here. `crypto` answers at once, as there. */
export const secutilsShim = {
  crypto: {
    seal: (recipientPublicKey: unknown, plaintext: unknown): unknown =>
      call("seal", {
        recipient: text(recipientPublicKey, "The recipient's public key"),
        text: text(plaintext, "The text").toWellFormed(),
      }),
    sha256: (data: unknown): unknown => call("sha256", { data: text(data, "The data") }),
  },
  kv: secutilsKv,
};

/** What this run is not granted, `secutils` has not. */
export const fitSecutils = (): void => {
  if (!hasState()) Reflect.deleteProperty(secutilsShim, "kv");
};
