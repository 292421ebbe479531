import { AbortController, AbortSignal } from "./abort.guest.ts";
import { blobOf } from "./blob.guest.ts";
import type { Blob } from "./blob.guest.ts";
import { asBytes, bodyOf, cloneHeld, extractBody, readBytes, readJson, readText } from "./body.guest.ts";
import { moveHeld } from "./held.guest.ts";
import type { Body } from "./body.guest.ts";
import type { Held } from "./held.guest.ts";
import { asOptions, describers, needs } from "./define.guest.ts";
import { readForm } from "./form-data.guest.ts";
import type { FormData } from "./form-data.guest.ts";
import { Headers, pairsOf } from "./headers.guest.ts";
import type { Pair } from "./headers.guest.ts";
import { asText, defineProperty, keysOf, matches, stringifyJson, upperCase } from "./primordials.guest.ts";
import { PLAIN, readSettings } from "./request-settings.guest.ts";
import { URL } from "./url.guest.ts";

const NO_TOKEN = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);
const NORMALIZED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);

interface Init {
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly signal?: unknown;
}

const readMethod = (given: unknown): string => {
  const method = asText(given);
  const upper = upperCase(method);
  if (method === "" || matches(NO_TOKEN, method) || FORBIDDEN.has(upper)) {
    throw new TypeError(`Invalid method: ${stringifyJson(method.slice(0, 40))}`);
  }
  return NORMALIZED.has(upper) ? upper : method;
};

const readUrl = (given: unknown): string => {
  const url = new URL(given);
  if (url.username !== "" || url.password !== "")
    throw new TypeError("A request's URL holds no credentials.");
  return url.href;
};

const blank = Symbol("blank");

/** The sender's own method, URL and body, which the constructor would normalise or refuse. */
export interface HitParts {
  readonly method: string;
  readonly url: string;
  readonly held: Held | null;
}
/** A request whose parts are asked for when somebody first looks. */
export let requestFromHit: (headers: Headers, parts: () => HitParts) => Request;
export let isRequest: (value: unknown) => value is Request;
/** What a request is made of, its body unread; `undefined` for what is none. */
export interface RequestParts extends HitParts {
  readonly headers: readonly Pair[];
}
export let requestParts: (value: object) => RequestParts | undefined;
/** …and its headers as such. */
export interface ForwardParts extends HitParts {
  readonly headers: Headers;
}
export let partsToForward: (request: Request) => ForwardParts;
/** …and what else matters to whoever sends it: from then on its body is theirs. */
export interface SentParts extends RequestParts {
  readonly redirect: unknown;
  readonly signal: AbortSignal | undefined;
}
export let partsToSend: (request: Request) => SentParts;

let settingOf: (value: Request, name: string) => unknown;

export class Request {
  #url = "";
  #method = "GET";
  #headers: Headers;
  #held: Held | null = null;
  #settings = PLAIN;
  #signal: AbortSignal | undefined;
  #hit: (() => HitParts) | undefined;

  static {
    settingOf = (value, name) => value.#settings[name];
    isRequest = (value): value is Request => typeof value === "object" && value !== null && #held in value;
    requestParts = (value) => {
      if (!(#held in value)) return undefined;
      const held = value.#body();
      return { method: value.#method, url: value.#url, headers: pairsOf(value.#headers) ?? [], held };
    };
    partsToForward = (request) => {
      const held = request.#body();
      return { method: request.#method, url: request.#url, headers: request.#headers, held };
    };
    partsToSend = (request) => {
      request.#look();
      const { redirect } = request.#settings;
      const headers = pairsOf(request.#headers) ?? [];
      const held = moveHeld(request.#held);
      return {
        method: request.#method,
        url: request.#url,
        headers,
        held,
        redirect,
        signal: request.#signal,
      };
    };
    requestFromHit = (headers, parts) => {
      const request = new Request(blank);
      request.#headers = headers;
      request.#hit = parts;
      return request;
    };
  }

  constructor(input: unknown, init: unknown = undefined) {
    needs(1, arguments.length);
    const given: Init = asOptions(init);
    const from = isRequest(input) ? input : undefined;
    if (input === blank) {
      this.#headers = new Headers();
      return;
    }
    if (from === undefined) {
      this.#headers = new Headers(given.headers);
      this.#url = readUrl(input);
    } else {
      from.#look();
      this.#url = from.#url;
      this.#method = from.#method;
      this.#settings = from.#settings;
      this.#headers = new Headers(given.headers ?? from.#headers);
    }
    if (init !== undefined && init !== null) this.#settings = readSettings(given, this.#settings);
    if (given.method !== undefined) this.#method = readMethod(given.method);
    this.#follow(given.signal === undefined && from !== undefined ? from.#signal : given.signal);
    this.#takeBody(from, given.body);
  }

  #follow(signal: unknown): void {
    if (signal !== undefined && signal !== null) this.#signal = AbortSignal.any([signal]);
  }

  /** Before anything is read of a hit, or changed in it. */
  #look(): void {
    if (this.#hit === undefined) return;
    const { method, url, held } = this.#hit();
    this.#hit = undefined;
    this.#method = method;
    this.#url = url;
    this.#held = held;
  }

  #body(): Held | null {
    this.#look();
    return this.#held;
  }

  #takeBody(from: Request | undefined, given: unknown): void {
    const own = given === undefined || given === null ? null : extractBody(given);
    const inherited = own === null && from !== undefined ? from.#held : null;
    if (own === null && inherited === null) return;
    if (this.#method === "GET" || this.#method === "HEAD")
      throw new TypeError(`A ${this.#method} request has no body.`);
    if (own !== null) {
      this.#held = own.held;
      if (own.type !== null && !this.#headers.has("content-type"))
        this.#headers.set("content-type", own.type);
      return;
    }
    this.#held = moveHeld(inherited);
  }

  get method(): string {
    this.#look();
    return this.#method;
  }
  /** Changed in place, as the script contract has it. */
  set method(given: unknown) {
    this.#look();
    this.#method = readMethod(given);
  }
  get url(): string {
    this.#look();
    return this.#url;
  }
  set url(given: unknown) {
    this.#look();
    this.#url = readUrl(given);
  }
  get headers(): Headers {
    return this.#headers;
  }
  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }
  get body(): Body | null {
    return bodyOf(this.#body());
  }
  get bodyUsed(): boolean {
    return this.#body()?.used ?? false;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return readBytes(this.#body(), (bytes) => bytes.buffer);
  }
  async blob(): Promise<Blob> {
    return readBytes(this.#body(), (bytes) => blobOf(bytes, this.#headers.get("content-type") ?? ""));
  }
  async bytes(): Promise<Uint8Array> {
    return readBytes(this.#body(), asBytes);
  }
  async formData(): Promise<FormData> {
    return readBytes(this.#body(), (bytes) => readForm(bytes, this.#headers.get("content-type") ?? ""));
  }
  async json(): Promise<unknown> {
    return readJson(this.#body());
  }
  async text(): Promise<string> {
    return readText(this.#body());
  }

  clone(): Request {
    const held = cloneHeld(this.#body());
    const copy = new Request(blank);
    copy.#url = this.#url;
    copy.#method = this.#method;
    copy.#settings = this.#settings;
    copy.#headers = new Headers(this.#headers);
    copy.#follow(this.#signal);
    copy.#held = held;
    return copy;
  }
}

/** Of one value here, whatever the request. */
const FIXED = { destination: "", duplex: "half", isHistoryNavigation: false, isReloadNavigation: false };
const checkRequest = (value: unknown): Request => {
  if (!isRequest(value)) throw new TypeError("Illegal invocation: this is no Request.");
  return value;
};
const attribute = (name: string, read: (value: Request) => unknown): void => {
  defineProperty(Request.prototype, name, {
    get(this: unknown) {
      return read(checkRequest(this));
    },
    enumerable: true,
    configurable: true,
  });
};
for (const name of keysOf(PLAIN)) attribute(name, (value) => settingOf(value, name));
for (const [name, value] of Object.entries(FIXED)) attribute(name, () => value);

describers.push((value) =>
  isRequest(value)
    ? { name: "Request", fields: { method: value.method, url: value.url, headers: value.headers } }
    : undefined,
);
