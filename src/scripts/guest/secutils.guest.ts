import { ask, stringifyJson } from "../../runtime/guest/index.guest.ts";
import { hasState } from "./hit.guest.ts";
import { secutilsKv } from "./secutils-kv.guest.ts";

const text = (value: unknown, what: string): string => {
  if (typeof value !== "string") throw new TypeError(`${what} must be a string.`);
  return value;
};

const call = (op: string, argument: object): unknown => ask(op, stringifyJson(argument));

const crypto = {
  seal: (recipientPublicKey: unknown, plaintext: unknown): unknown =>
    call("seal", {
      recipient: text(recipientPublicKey, "The recipient's public key"),
      text: text(plaintext, "The text").toWellFormed(),
    }),
  sha256: (data: unknown): unknown => call("sha256", { data: text(data, "The data") }),
};

/**
 * What Secutils.dev gives its responder scripts, as far as it exists here, with state and without. `crypto` answers at
 * once, as there. Both are held on to, as to free one would cost as much as a small script.
 */
export const secutilsShims = { withState: { crypto, kv: secutilsKv }, withoutState: { crypto } };
// The engine makes its functions when they are first looked at: in the image, not in every run.
const { set } = Reflect;

/** What this run is not granted, its `secutils` has not. */
export const fitSecutils = (): void => {
  if (!hasState()) set(globalThis, "secutils", secutilsShims.withoutState);
};
