import { asText, get, hasOwn, keysOf } from "./primordials.guest.ts";
import { URL } from "./url.guest.ts";

export type Settings = Readonly<Record<string, unknown>>;

/** Attributes that change nothing here, with their values: what is given is checked and told again. The first is the default. */
const CHOICES = {
  cache: ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"],
  credentials: ["same-origin", "omit", "include"],
  mode: ["cors", "no-cors", "same-origin"],
  redirect: ["follow", "error", "manual"],
  referrerPolicy: [
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
  ],
} as const;
type Choice = keyof typeof CHOICES;
const isChoice = (name: string): name is Choice => hasOwn(CHOICES, name);
/** Such as are not attributes, or of one value only. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  duplex: ["half"],
  priority: ["auto", "high", "low"],
};

/** What nearly all requests have: shared, never changed. */
export const PLAIN: Settings = {
  cache: "default",
  credentials: "same-origin",
  integrity: "",
  keepalive: false,
  mode: "cors",
  redirect: "follow",
  referrer: "about:client",
  referrerPolicy: "",
};

const oneOf = (name: string, values: readonly string[], given: unknown): string => {
  const text = asText(given);
  if (!values.includes(text)) throw new TypeError(`${name} is one of ${values.join(", ")}.`);
  return text;
};

/** An empty one is none; any other is of another origin than this request's client, which has none. */
const readReferrer = (given: unknown): string => {
  const text = asText(given);
  if (text === "" || text === "about:client") return text;
  return new URL(text).href && "about:client";
};

/** Over what another request has. */
export const readSettings = (given: object, before: Settings): Settings => {
  if ((get(given, "window") ?? null) !== null) throw new TypeError("window is null.");
  const settings: Record<string, unknown> = { ...before };
  for (const name of keysOf(PLAIN)) {
    const value = get(given, name);
    if (value === undefined) continue;
    if (isChoice(name)) settings[name] = oneOf(name, CHOICES[name], value);
    else if (name === "keepalive") settings[name] = Boolean(value);
    else settings[name] = name === "referrer" ? readReferrer(value) : asText(value);
  }
  for (const [name, values] of Object.entries(ONLY)) {
    const value = get(given, name);
    if (value !== undefined) oneOf(name, values, value);
  }
  if (settings["cache"] === "only-if-cached" && settings["mode"] !== "same-origin")
    throw new TypeError("cache only-if-cached needs the mode same-origin.");
  return settings;
};
