import { tryFromUtf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";
import { headLength, readFrame } from "../frame.ts";
import { fuelForBytes } from "../fuel.ts";
import { decodePrice } from "./decode-price.ts";

const CALL_UNITS = 500;
/** A decoder is made for each call: 10 µs. */
const DECODER_UNITS = 6_500;
/** No encoding's name is longer, nor is a head with one: longer JSON would be the host's work for nothing. */
const MAX_HEAD_BYTES = 256;

const price = (argument: Uint8Array): number => CALL_UNITS + fuelForBytes(argument.length);
/** Behind the frame's length comes JSON: the whole is as valid as its bytes. The old encodings are no dearer than bad UTF-8. */
const framePrice = (argument: Uint8Array): number => DECODER_UNITS + decodePrice(argument.subarray(4));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const decoderOf = (label: unknown, fatal: boolean, ignoreBOM: boolean): TextDecoder => {
  try {
    return new TextDecoder(String(label), { fatal, ignoreBOM });
  } catch {
    throw new OpError(
      "RangeError",
      `The encoding ${JSON.stringify(String(label).slice(0, 60))} is not known.`,
    );
  }
};

const decode = (argument: Uint8Array<ArrayBuffer>): string => {
  const frame = headLength(argument) > MAX_HEAD_BYTES ? undefined : readFrame(argument);
  const head = parseJson(frame?.json ?? "");
  if (frame === undefined || typeof head !== "object" || head === null)
    throw new OpError("TypeError", "not a frame");
  const fields = new Map<string, unknown>(Object.entries(head));
  const decoder = decoderOf(
    fields.get("label"),
    fields.get("fatal") === true,
    fields.get("ignoreBOM") === true,
  );
  try {
    return decoder.decode(frame.bytes, { stream: fields.get("stream") === true });
  } catch {
    throw new OpError("TypeError", `The bytes are not valid ${decoder.encoding}.`);
  }
};

const nameOf = (argument: Uint8Array): string => {
  if (argument.length > MAX_HEAD_BYTES) throw new OpError("RangeError", "No encoding has so long a name.");
  return decoderOf(parseJson(tryFromUtf8(argument) ?? ""), false, false).encoding;
};

const lenient = new TextDecoder();

/** Text to bytes and back, by the host's own codecs. Nothing is kept between calls. */
export const encoding: Capability = {
  name: "encoding",
  sync: {
    // The door itself hands text over as UTF-8.
    "utf8-encode": { price, call: (argument) => argument },
    "utf8-text": {
      price: (argument) => CALL_UNITS + decodePrice(argument),
      call: (argument) => lenient.decode(argument),
    },
    "utf8-decode": { price: framePrice, call: decode },
    "encoding-name": {
      price: () => DECODER_UNITS,
      call: (argument) => nameOf(argument),
    },
  },
};
