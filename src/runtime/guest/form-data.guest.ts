import { Blob, File, bytesOfBlob, renamed } from "./blob.guest.ts";
import { extractors } from "./body.guest.ts";
import { holdBytes } from "./held.guest.ts";
import { describers, needs } from "./define.guest.ts";
import { essence } from "./header-text.guest.ts";
import { asText } from "./primordials.guest.ts";
import { parseForm } from "./search-params.guest.ts";
import { parseMultipart } from "./multipart.guest.ts";
import { iteratePairs } from "./pair-iterator.guest.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

type Value = string | File;
type Entry = [name: string, value: Value];

const text = (value: unknown): string => asText(value).toWellFormed();

/** `given` is `append`'s arguments: a file name that is there, but undefined, is none. */
const readEntry = ([name, value, filename]: readonly unknown[]): Entry => {
  const key = text(name);
  if (!(value instanceof Blob)) {
    if (filename !== undefined) throw new TypeError("Only a Blob or File has a file name.");
    return [key, text(value)];
  }
  if (filename !== undefined) return [key, renamed(value, text(filename))];
  return [key, value instanceof File ? value : renamed(value, "blob")];
};

let entriesOf: (value: object) => readonly Entry[];

export class FormData {
  #entries: Entry[] = [];

  static {
    entriesOf = (value) => {
      if (!(#entries in value)) throw new TypeError("Illegal invocation: this is no FormData.");
      return value.#entries;
    };
    extractors.push((value) => {
      if (!(#entries in value)) return undefined;
      const boundary = `----formdata-${newBoundary()}`;
      return {
        held: holdBytes(serialize(value.#entries, boundary)),
        type: `multipart/form-data; boundary=${boundary}`,
      };
    });
    describers.push((value) =>
      #entries in value ? { name: "FormData", fields: Object.fromEntries(value.#entries) } : undefined,
    );
  }

  constructor(form: unknown = undefined) {
    if (form !== undefined) throw new TypeError("There are no form elements here to make FormData of.");
  }

  append(name: unknown, value: unknown, filename: unknown = undefined): void {
    needs(2, arguments.length);
    this.#entries.push(readEntry([name, value, filename]));
  }
  delete(name: unknown): void {
    needs(1, arguments.length);
    const key = text(name);
    this.#entries = this.#entries.filter((entry) => entry[0] !== key);
  }
  get(name: unknown): Value | null {
    needs(1, arguments.length);
    const key = text(name);
    return this.#entries.find((entry) => entry[0] === key)?.[1] ?? null;
  }
  getAll(name: unknown): Value[] {
    needs(1, arguments.length);
    const key = text(name);
    return this.#entries.filter((entry) => entry[0] === key).map((entry) => entry[1]);
  }
  has(name: unknown): boolean {
    needs(1, arguments.length);
    const key = text(name);
    return this.#entries.some((entry) => entry[0] === key);
  }
  set(name: unknown, value: unknown, filename: unknown = undefined): void {
    needs(2, arguments.length);
    const entry = readEntry([name, value, filename]);
    const at = this.#entries.findIndex((known) => known[0] === entry[0]);
    this.#entries = this.#entries.filter((known, index) => index <= at || known[0] !== entry[0]);
    if (at < 0) this.#entries.push(entry);
    else this.#entries[at] = entry;
  }
}

iteratePairs("FormData", FormData, entriesOf);

const newBoundary = (): string => {
  const { random } = Math;
  return Array.from({ length: 16 }, () => Math.floor(random() * 36).toString(36)).join("");
};

const ESCAPES: Readonly<Record<string, string>> = { "\n": "%0A", "\r": "%0D", '"': "%22" };
const escapeName = (name: string): string => name.replace(/[\n\r"]/g, (mark) => ESCAPES[mark] ?? mark);
const lines = (value: string): string => value.replace(/\r\n|\r|\n/g, "\r\n");

const serialize = (entries: readonly Entry[], boundary: string): Bytes => {
  const pieces: Bytes[] = [];
  for (const [name, value] of entries) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(lines(name))}"`;
    if (typeof value === "string") {
      pieces.push(encodeUtf8(`${head}\r\n\r\n${lines(value)}\r\n`));
    } else {
      const type = value.type === "" ? "application/octet-stream" : value.type;
      pieces.push(
        encodeUtf8(`${head}; filename="${escapeName(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`),
      );
      pieces.push(bytesOfBlob(value) ?? new Uint8Array(0), encodeUtf8("\r\n"));
    }
  }
  pieces.push(encodeUtf8(`--${boundary}--\r\n`));
  return bytesOfBlob(new Blob(pieces)) ?? new Uint8Array(0);
};

/** A body as a form, by its content type (Fetch, "formData()"). */
export const readForm = (bytes: Bytes, type: string): FormData => {
  const form = new FormData();
  const kind = essence(type);
  if (kind === "application/x-www-form-urlencoded") {
    for (const [name, value] of parseForm(decodeUtf8(bytes))) form.append(name, value);
    return form;
  }
  if (kind !== "multipart/form-data") throw new TypeError(`A body of type "${kind}" is not a form.`);
  for (const part of parseMultipart(bytes, type)) {
    if (part.filename === undefined) form.append(part.name, decodeUtf8(part.bytes));
    else form.append(part.name, new File([part.bytes], part.filename, { type: part.type }));
  }
  return form;
};
