import {
  defineGlobal,
  defineProperty,
  encodeUtf8,
  frame,
  get,
  isArray,
  isFinite,
  jsonOf,
  later,
  placeOf,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes, Held, RequestParts } from "../../runtime/guest/index.guest.ts";
import { kindOf } from "./ending.guest.ts";
import { checkOptions, handlePlace } from "./secret-handle.guest.ts";
import { grantedSecrets } from "./secrets.guest.ts";

const SETTINGS = ["scheme", "toleranceSeconds", "header", "algorithm", "encoding", "prefix"];
const OPTIONS = [...SETTINGS, "secret"];

/** What of a form the words differ in, and what it verifies. */
export interface VerifierOf {
  /** `ctx.secrets`, … */
  readonly secrets: string;
  /** `the request`, … */
  readonly takes: string;
  readonly partsOf: (given: object) => RequestParts | undefined;
}

/** Revealed secrets are texts: the one that a text is of is found by it. */
const placeOfSecret = (given: unknown, { secrets }: VerifierOf): number => {
  const place = handlePlace(given);
  if (place !== undefined) return place;
  const { revealed, texts } = grantedSecrets();
  const at = revealed ? placeOf(texts, given) : -1;
  if (at >= 0) return at;
  const what = typeof given === "string" ? "a string that is no granted secret" : kindOf(given);
  throw new TypeError(
    `verifyWebhook: \`secret\` is ${what}; give ${secrets}.NAME of a granted secret, or an array of such.`,
  );
};

const placesOf = (given: unknown, form: VerifierOf): readonly number[] => {
  if (!isArray(given)) return [placeOfSecret(given, form)];
  if (given.length === 0) throw new TypeError("verifyWebhook: `secret` is an empty array.");
  const places: number[] = [];
  for (let index = 0; index < given.length; index += 1) places[index] = placeOfSecret(given[index], form);
  return places;
};

const readSettings = (options: object): object => {
  const settings: Record<string, unknown> = {};
  for (let index = 0; index < SETTINGS.length; index += 1) {
    const name = SETTINGS[index] ?? "";
    const value: unknown = get(options, name);
    // As JSON it would be as if it were not there.
    if (typeof value === "number" && !isFinite(value))
      throw new TypeError(`verifyWebhook: ${name} is ${value}; give a finite number.`);
    settings[name] = value;
  }
  return settings;
};

/** Its bytes, or the place on the host where they are still. It stays as readable as it was. */
const unread = (held: Held | null): { readonly input?: number; readonly bytes: readonly Bytes[] } => {
  if (held === null) return { bytes: [] };
  if (held.used) {
    throw new TypeError(
      "verifyWebhook: the body has already been read. Call verifyWebhook first, or read a clone: `await request.clone().text()`.",
    );
  }
  switch (held.kind) {
    case "stream":
      throw new TypeError("verifyWebhook: the body is another server's answer, not the sender's.");
    case "input":
      return { input: held.place, bytes: [] };
    case "text":
      return { bytes: [encodeUtf8(held.text)] };
    case "bytes":
      return { bytes: [held.bytes] };
    default:
      return held satisfies never;
  }
};

// The host's own words: this side need not doubt them.
type Told = { readonly ok: true; readonly place: number } | { readonly ok: false; readonly reason: string };
const isTold = (value: unknown): value is Told =>
  typeof value === "object" && value !== null && "ok" in value;

const verify = async (form: VerifierOf, given: unknown, options: unknown): Promise<object> => {
  const parts = typeof given === "object" && given !== null ? form.partsOf(given) : undefined;
  if (parts === undefined)
    throw new TypeError(`verifyWebhook takes ${form.takes}, and this is ${kindOf(given)}.`);
  const read = checkOptions("verifyWebhook", options, OPTIONS);
  const { url, headers, held } = parts;
  const places = placesOf(get(read, "secret"), form);
  const { input, bytes } = unread(held);
  const head = { call: "verify", places, settings: readSettings(read), url, headers, input };
  const told = jsonOf(await later("secret", frame(head, bytes)));
  if (!isTold(told)) throw new TypeError("The host gave no answer.");
  return told.ok
    ? { ok: true, secret: grantedSecrets().names[told.place] }
    : { ok: false, reason: told.reason };
};

/** The global `verifyWebhook(request, { scheme, secret, … })` of a form. It is there whatever a run is granted. */
export const defineVerifyWebhook = (form: VerifierOf): void => {
  const verifyWebhook = (given: unknown, options: unknown): Promise<object> => verify(form, given, options);
  // Minifiers change it.
  defineProperty(verifyWebhook, "name", { value: "verifyWebhook", configurable: true });
  defineGlobal("verifyWebhook", verifyWebhook);
};
