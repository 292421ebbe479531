import { blobOf } from "./blob.guest.ts";
import type { Blob } from "./blob.guest.ts";
import { asBytes, bodyOf, cloneHeld, extractBody, readBytes, readJson, readText } from "./body.guest.ts";
import { holdText } from "./held.guest.ts";
import type { Body } from "./body.guest.ts";
import type { Held } from "./held.guest.ts";
import { asOptions, describers, needs } from "./define.guest.ts";
import { readForm } from "./form-data.guest.ts";
import type { FormData } from "./form-data.guest.ts";
import { freezeHeaders, headerOf, Headers } from "./headers.guest.ts";
import { asText, matches, stringifyJson } from "./primordials.guest.ts";
import { URL } from "./url.guest.ts";

const EMPTY_STATUSES = new Set([101, 103, 204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Init {
  readonly status?: unknown;
  readonly statusText?: unknown;
  readonly headers?: unknown;
}

/** As Web IDL makes an `unsigned short` of anything. */
const asShort = (given: unknown): number => Math.trunc(Number(given)) & 0xffff;

const readStatus = (given: unknown): number => {
  if (given === undefined) return 200;
  const status = asShort(given);
  if (status < 200 || status > 599) throw new RangeError("A response's status must be from 200 to 599.");
  return status;
};

const readReason = (given: unknown): string => {
  if (given === undefined) return "";
  const text = asText(given);
  if (!matches(REASON, text)) throw new TypeError("Invalid statusText.");
  return text;
};

/** What the driver needs of a Response to answer with it. */
export interface ResponseParts {
  readonly status: number;
  /** Absent: none but the type. */
  readonly headers: Headers | undefined;
  readonly type: string | null;
  readonly held: Held | null;
}
export let responseParts: (value: unknown) => ResponseParts | undefined;

/** What another server answered. */
export interface Answered {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: Headers;
  readonly held: Held | null;
}
/** Its headers can be changed, unless whoever made them has frozen them. */
export let responseFrom: (answered: Answered) => Response;

const JSON_TYPE = "application/json";
const jsonOf = Symbol("json");

export class Response {
  #status = 200;
  #statusText = "";
  /** Made when they are asked for, unless they were given. Until then only the type is known. */
  #headers: Headers | undefined;
  #type: string | null = null;
  #held: Held | null = null;
  #url = "";
  #redirected = false;

  static {
    responseFrom = ({ status, statusText, url, redirected, headers, held }) => {
      const response = new Response();
      response.#status = status;
      response.#statusText = statusText;
      response.#url = url;
      response.#redirected = redirected;
      response.#headers = headers;
      response.#held = held;
      return response;
    };
    responseParts = (value) =>
      typeof value === "object" && value !== null && #held in value
        ? { status: value.#status, headers: value.#headers, type: value.#type, held: value.#held }
        : undefined;
  }

  constructor(body: unknown = null, init: unknown = undefined, key: unknown = undefined) {
    if (init !== undefined && init !== null) this.#read(init);
    const extracted = key === jsonOf ? { held: holdText(String(body)), type: JSON_TYPE } : extractBody(body);
    if (extracted === null) return;
    if (EMPTY_STATUSES.has(this.#status)) {
      throw new TypeError(`A response of status ${this.#status} has no body.`);
    }
    this.#held = extracted.held;
    this.#type = extracted.type;
    if (this.#headers === undefined || extracted.type === null) return;
    if (!this.#headers.has("content-type")) this.#headers.set("content-type", extracted.type);
  }

  #read(init: unknown): void {
    const { headers, status, statusText }: Init = asOptions(init);
    if (headers !== undefined) this.#headers = new Headers(headers);
    this.#status = readStatus(status);
    this.#statusText = readReason(statusText);
  }

  static error(): Response {
    const response = new Response();
    response.#status = 0;
    freezeHeaders(response.headers);
    return response;
  }

  static json(data: unknown, init: unknown = undefined): Response {
    needs(1, arguments.length);
    const text: unknown = stringifyJson(data);
    if (typeof text !== "string") throw new TypeError("This value has no JSON.");
    return new Response(text, init, jsonOf);
  }

  static redirect(url: unknown, status: unknown = 302): Response {
    needs(1, arguments.length);
    const location = new URL(url).href;
    const code = asShort(status);
    if (!REDIRECTS.has(code)) throw new RangeError(`${String(status)} is not a redirect's status.`);
    const response = new Response(null, { status: code, headers: { location } });
    freezeHeaders(response.headers);
    return response;
  }

  get type(): string {
    return this.#status === 0 ? "error" : "default";
  }
  get url(): string {
    return this.#url;
  }
  get redirected(): boolean {
    return this.#redirected;
  }
  get status(): number {
    return this.#status;
  }
  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299;
  }
  get statusText(): string {
    return this.#statusText;
  }
  get headers(): Headers {
    this.#headers ??= this.#type === null ? new Headers() : headerOf("content-type", this.#type);
    return this.#headers;
  }
  get body(): Body | null {
    return bodyOf(this.#held);
  }
  get bodyUsed(): boolean {
    return this.#held?.used ?? false;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return readBytes(this.#held, (bytes) => bytes.buffer);
  }
  async blob(): Promise<Blob> {
    return readBytes(this.#held, (bytes) => blobOf(bytes, this.headers.get("content-type") ?? ""));
  }
  async bytes(): Promise<Uint8Array> {
    return readBytes(this.#held, asBytes);
  }
  async formData(): Promise<FormData> {
    return readBytes(this.#held, (bytes) => readForm(bytes, this.headers.get("content-type") ?? ""));
  }
  async json(): Promise<unknown> {
    return readJson(this.#held);
  }
  async text(): Promise<string> {
    return readText(this.#held);
  }

  clone(): Response {
    const held = cloneHeld(this.#held);
    const copy = new Response();
    copy.#headers = new Headers(this.headers);
    copy.#status = this.#status;
    copy.#statusText = this.#statusText;
    copy.#held = held;
    copy.#url = this.#url;
    copy.#redirected = this.#redirected;
    return copy;
  }
}

describers.push((value) =>
  responseParts(value) === undefined || !(value instanceof Response)
    ? undefined
    : { name: "Response", fields: { status: value.status, headers: value.headers } },
);
