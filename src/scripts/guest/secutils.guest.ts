import { ask, primordials } from "../../runtime/guest/index.guest.ts";

const text = (value: unknown, what: string): string => {
  if (typeof value !== "string") throw new TypeError(`${what} must be a string.`);
  return value.toWellFormed();
};

const call = (op: string, argument: object): string => String(ask(op, primordials.stringifyJson(argument)));

/** What Secutils.dev gives its responder scripts, as far as it exists here. Both answer at once, as there. */
export const secutilsShim = {
  crypto: {
    seal: (recipientPublicKey: unknown, plaintext: unknown): string =>
      call("seal", {
        recipient: text(recipientPublicKey, "The recipient's public key"),
        text: text(plaintext, "The text"),
      }),
    sha256: (data: unknown): string => call("sha256", { data: text(data, "The data") }),
  },
};
