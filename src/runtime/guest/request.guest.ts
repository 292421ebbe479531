import { AbortController, AbortSignal } from "./abort.guest.ts";
import { blobOf } from "./blob.guest.ts";
import type { Blob } from "./blob.guest.ts";
import { bodyOf, cloneHeld, extractBody, readBytes, readJson, readText } from "./body.guest.ts";
import type { Body, Held } from "./body.guest.ts";
import { describers } from "./define.guest.ts";
import { readForm } from "./form-data.guest.ts";
import type { FormData } from "./form-data.guest.ts";
import { Headers } from "./headers.guest.ts";
import { asText, matches, stringifyJson, upperCase } from "./primordials.guest.ts";
import { URL } from "./url.guest.ts";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN = new Set(["CONNECT", "TRACE", "TRACK"]);
const NORMALIZED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
const REDIRECTS = ["follow", "error", "manual"];

interface Init {
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly redirect?: unknown;
  readonly signal?: unknown;
}

const readMethod = (given: unknown): string => {
  const method = asText(given);
  const upper = upperCase(method);
  if (!matches(TOKEN, method) || FORBIDDEN.has(upper)) {
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

const readRedirect = (given: unknown): string => {
  const redirect = String(given);
  if (!REDIRECTS.includes(redirect)) throw new TypeError(`redirect is one of ${REDIRECTS.join(", ")}.`);
  return redirect;
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

export class Request {
  #url = "";
  #method = "GET";
  #headers: Headers;
  #held: Held | null = null;
  #redirect = "follow";
  #signal: AbortSignal | undefined;
  #hit: (() => HitParts) | undefined;

  static {
    isRequest = (value): value is Request => typeof value === "object" && value !== null && #held in value;
    requestFromHit = (headers, parts) => {
      const request = new Request(blank);
      request.#headers = headers;
      request.#hit = parts;
      return request;
    };
  }

  constructor(input: unknown, init: Init | null = {}) {
    const given = init ?? {};
    const from = isRequest(input) ? input : undefined;
    if (from === undefined) {
      this.#headers = new Headers(given.headers);
      if (input === blank) return;
      this.#url = readUrl(input);
    } else {
      from.#look();
      this.#url = from.#url;
      this.#method = from.#method;
      this.#redirect = from.#redirect;
      this.#signal = from.#signal;
      this.#headers = new Headers(given.headers ?? from.#headers);
    }
    if (given.method !== undefined) this.#method = readMethod(given.method);
    if (given.redirect !== undefined) this.#redirect = readRedirect(given.redirect);
    if (given.signal !== undefined)
      this.#signal = given.signal === null ? undefined : AbortSignal.any([given.signal]);
    this.#takeBody(from, given.body);
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
    if (given !== undefined && given !== null) {
      if (this.#method === "GET" || this.#method === "HEAD") {
        throw new TypeError(`A ${this.#method} request has no body.`);
      }
      const extracted = extractBody(given);
      this.#held = extracted?.held ?? null;
      const type = extracted?.type ?? null;
      if (type !== null && !this.#headers.has("content-type")) this.#headers.set("content-type", type);
    } else if (from !== undefined && given === undefined && from.#held !== null) {
      this.#held = cloneHeld(from.#held);
      from.#held.used = true;
    }
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
  get redirect(): string {
    return this.#redirect;
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
    return readBytes(this.#body()).buffer;
  }
  async blob(): Promise<Blob> {
    return blobOf(readBytes(this.#body()), this.#headers.get("content-type") ?? "");
  }
  async bytes(): Promise<Uint8Array> {
    return readBytes(this.#body());
  }
  async formData(): Promise<FormData> {
    return readForm(readBytes(this.#body()), this.#headers.get("content-type") ?? "");
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
    copy.#redirect = this.#redirect;
    copy.#headers = new Headers(this.#headers);
    copy.#signal = this.#signal === undefined ? undefined : AbortSignal.any([this.#signal]);
    copy.#held = held;
    return copy;
  }
}

describers.push((value) =>
  isRequest(value)
    ? { name: "Request", fields: { method: value.method, url: value.url, headers: value.headers } }
    : undefined,
);
