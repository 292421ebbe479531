type BufferSource = ArrayBuffer | ArrayBufferView;

/** What a `Request` or a `Response` is made with. Each but bytes and a body handed on implies a content type. */
type BodyInit = string | BufferSource | Blob | FormData | URLSearchParams | OpaqueBody;

/**
 * What `request.body` and `response.body` are: no stream, but to be handed on unread (`new Response(request.body)`), which
 * costs nothing at any size, or taken as one chunk by `for await`.
 */
interface OpaqueBody {
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined>;
}

/**
 * What a request and a response have in common. A body can be read once; `clone()` first to read it twice. Read, it counts
 * to the run's heap: of 10 MB, text fits to about 5 MB and JSON to about 2 MB.
 */
interface Body {
  /** `null` without a body. */
  readonly body: OpaqueBody | null;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** Of `multipart/form-data` or `application/x-www-form-urlencoded`; any other type is a `TypeError`. */
  formData(): Promise<FormData>;
  /** Of any type, as what `JSON.parse` gives, unless you say which: `request.json<Order>()`. Nothing checks it. */
  json<Value = ReturnType<typeof JSON.parse>>(): Promise<Value>;
  /** Decoded as UTF-8. */
  text(): Promise<string>;
}

type BlobPart = string | BufferSource | Blob;
interface BlobPropertyBag {
  readonly endings?: "transparent" | "native" | undefined;
  /** The content type. */
  readonly type?: string | undefined;
}
interface FilePropertyBag extends BlobPropertyBag {
  /** In milliseconds since the epoch; now unless given. */
  readonly lastModified?: number | undefined;
}

/** Bytes with a type, which nobody can change. */
interface Blob {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  slice(start?: number, end?: number, type?: string): Blob;
  text(): Promise<string>;
}
declare var Blob: {
  readonly prototype: Blob;
  new (parts?: Iterable<BlobPart>, options?: BlobPropertyBag | null): Blob;
};

/** A `Blob` with a name, as forms have them. */
interface File extends Blob {
  readonly name: string;
  readonly lastModified: number;
}
declare var File: {
  readonly prototype: File;
  new (parts: Iterable<BlobPart>, name: string, options?: FilePropertyBag | null): File;
};

type FormDataEntryValue = string | File;

/** The fields of a form, in their order. */
interface FormData {
  append(name: string, value: string): void;
  append(name: string, value: Blob, filename?: string): void;
  delete(name: string): void;
  get(name: string): FormDataEntryValue | null;
  getAll(name: string): FormDataEntryValue[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  set(name: string, value: Blob, filename?: string): void;
  entries(): IterableIterator<[string, FormDataEntryValue]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormDataEntryValue>;
  forEach(
    callback: (value: FormDataEntryValue, name: string, form: FormData) => void,
    thisArg?: unknown,
  ): void;
  [Symbol.iterator](): IterableIterator<[string, FormDataEntryValue]>;
}
declare var FormData: {
  readonly prototype: FormData;
  new (): FormData;
};
