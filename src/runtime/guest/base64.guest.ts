import { needs } from "./define.guest.ts";
import { ask, askBytes, errorNamed } from "./door.guest.ts";
import { asText } from "./primordials.guest.ts";
import { decodeLatin1, encodeLatin1, textOf } from "./utf8.guest.ts";

// eslint-disable-next-line no-control-regex -- ASCII is the same in UTF-8, which is how text crosses the door
const CROSSES = /^[\0-\x7f]*$/;

export const btoa = (...given: readonly unknown[]): string => {
  needs(1, given.length);
  const text = asText(given[0]);
  if (text === "") return "";
  if (CROSSES.test(text)) return textOf(ask("base64-encode", text));
  const bytes = encodeLatin1(text);
  if (bytes === undefined) {
    throw errorNamed(
      "InvalidCharacterError",
      "btoa takes characters up to U+00FF; encode the text as UTF-8 first.",
    );
  }
  return textOf(ask("base64-encode", bytes.buffer));
};

export const atob = (...given: readonly unknown[]): string => {
  needs(1, given.length);
  const text = asText(given[0]);
  if (text === "") return "";
  if (!CROSSES.test(text)) throw errorNamed("InvalidCharacterError", "This is not base64.");
  return decodeLatin1(askBytes("base64-decode", text));
};
