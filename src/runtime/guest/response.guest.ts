import { blobOf } from "./blob.guest.ts";
import type { Blob } from "./blob.guest.ts";
import { bodyOf, cloneHeld, extractBody, readBytes, readJson, readText } from "./body.guest.ts";
import type { Body, Held } from "./body.guest.ts";
import { describers } from "./define.guest.ts";
import { readForm } from "./form-data.guest.ts";
import type { FormData } from "./form-data.guest.ts";
import { Headers } from "./headers.guest.ts";
import { matches, stringifyJson, toText } from "./primordials.guest.ts";
import { URL } from "./url.guest.ts";

const EMPTY_STATUSES = new Set([101, 103, 204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Init {
  readonly status?: unknown;
  readonly statusText?: unknown;
  readonly headers?: unknown;
}

const readStatus = (given: unknown): number => {
  const status = given === undefined ? 200 : Math.trunc(Number(given));
  if (!(status >= 200 && status <= 599)) throw new RangeError("A response's status must be from 200 to 599.");
  return status;
};

const readReason = (given: unknown): string => {
  const text = given === undefined ? "" : toText(given);
  if (!matches(REASON, text)) throw new TypeError("Invalid statusText.");
  return text;
};

/** What the driver needs of a Response to answer with it. */
export interface ResponseParts {
  readonly status: number;
  readonly headers: Headers;
  readonly held: Held | null;
}
export let responseParts: (value: unknown) => ResponseParts | undefined;

export class Response {
  #status: number;
  #statusText: string;
  #headers: Headers;
  #held: Held | null = null;
  #type: "default" | "error" = "default";

  static {
    responseParts = (value) =>
      typeof value === "object" && value !== null && #held in value
        ? { status: value.#status, headers: value.#headers, held: value.#held }
        : undefined;
  }

  constructor(body: unknown = null, init: Init | null = {}) {
    const given = init ?? {};
    this.#status = readStatus(given.status);
    this.#statusText = readReason(given.statusText);
    this.#headers = new Headers(given.headers);
    const extracted = extractBody(body);
    if (extracted === null) return;
    if (EMPTY_STATUSES.has(this.#status)) {
      throw new TypeError(`A response of status ${this.#status} has no body.`);
    }
    this.#held = extracted.held;
    if (extracted.type !== null && !this.#headers.has("content-type")) {
      this.#headers.set("content-type", extracted.type);
    }
  }

  static error(): Response {
    const response = new Response();
    response.#status = 0;
    response.#type = "error";
    return response;
  }

  static json(data: unknown, init: Init = {}): Response {
    const text: unknown = stringifyJson(data);
    if (typeof text !== "string") throw new TypeError("This value has no JSON.");
    const response = new Response(text, init);
    const given = new Headers(init.headers);
    response.#headers.set("content-type", given.get("content-type") ?? "application/json");
    return response;
  }

  static redirect(url: unknown, status: unknown = 302): Response {
    const location = new URL(url).href;
    const code = Math.trunc(Number(status));
    if (!REDIRECTS.has(code)) throw new RangeError(`${String(status)} is not a redirect's status.`);
    return new Response(null, { status: code, headers: { location } });
  }

  get type(): string {
    return this.#type;
  }
  get url(): string {
    return "";
  }
  get redirected(): boolean {
    return false;
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
    return this.#headers;
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

  clone(): Response {
    const copy = new Response(null, { statusText: this.#statusText, headers: this.#headers });
    copy.#status = this.#status;
    copy.#type = this.#type;
    copy.#held = cloneHeld(this.#held);
    return copy;
  }
}

describers.push((value) => {
  const parts = responseParts(value);
  return parts === undefined
    ? undefined
    : { name: "Response", fields: { status: parts.status, headers: parts.headers } };
});
