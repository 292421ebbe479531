import { AbortController, AbortSignal } from "./abort.guest.ts";
import { blobOf } from "./blob.guest.ts";
import type { Blob } from "./blob.guest.ts";
import { bodyOf, cloneHeld, extractBody, readBytes, readJson, readText } from "./body.guest.ts";
import type { Body, Held } from "./body.guest.ts";
import { describers } from "./define.guest.ts";
import { readForm } from "./form-data.guest.ts";
import type { FormData } from "./form-data.guest.ts";
import { Headers, headersFrom } from "./headers.guest.ts";
import type { Pair } from "./headers.guest.ts";
import { matches, upperCase } from "./primordials.guest.ts";
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
  const method = String(given);
  const upper = upperCase(method);
  if (!matches(TOKEN, method) || FORBIDDEN.has(upper)) {
    throw new TypeError(`Invalid method: ${JSON.stringify(method.slice(0, 40))}`);
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

export interface HitParts {
  readonly method: string;
  readonly url: string;
  readonly headers: Pair[];
  readonly held: Held | null;
}
export let requestFromHit: (parts: HitParts) => Request;
export let isRequest: (value: unknown) => value is Request;

export class Request {
  #url = "";
  #method = "GET";
  #headers: Headers;
  #held: Held | null = null;
  #redirect = "follow";
  #signal: AbortSignal | undefined;

  static {
    isRequest = (value): value is Request => typeof value === "object" && value !== null && #held in value;
    requestFromHit = (parts) => {
      // The sender's own URL, method and body, which the constructor would normalise or refuse.
      const request = new Request(blank);
      request.#url = parts.url;
      request.#method = parts.method;
      request.#headers = headersFrom(parts.headers);
      request.#held = parts.held;
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
    return this.#method;
  }
  /** Changed in place, as the script contract has it. */
  set method(given: unknown) {
    this.#method = readMethod(given);
  }
  get url(): string {
    return this.#url;
  }
  set url(given: unknown) {
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
    return bodyOf(this.#held);
  }
  get bodyUsed(): boolean {
    return this.#held?.used ?? false;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return readBytes(this.#held).buffer;
  }
  async blob(): Promise<Blob> {
    return blobOf(readBytes(this.#held), this.#headers.get("content-type") ?? "");
  }
  async bytes(): Promise<Uint8Array> {
    return readBytes(this.#held);
  }
  async formData(): Promise<FormData> {
    return readForm(readBytes(this.#held), this.#headers.get("content-type") ?? "");
  }
  async json(): Promise<unknown> {
    return readJson(this.#held);
  }
  async text(): Promise<string> {
    return readText(this.#held);
  }

  clone(): Request {
    const held = cloneHeld(this.#held);
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
