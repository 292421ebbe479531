import type { Hit } from "../hit.ts";

export type RawBody =
  | {
      readonly kind: "stream";
      readonly stream: ReadableStream<Uint8Array>;
      /** As it was announced; `null` when it was not. */
      readonly length: number | null;
    }
  /** Of a GET or HEAD, which only the request itself can carry on. */
  | { readonly kind: "request"; readonly request: Request; readonly length: number | null }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> };

/** A request in the platform's own objects, which keep what plain data loses: repeats, bytes, and bodies that nobody has read. */
export interface RawRequest {
  /** To be changed in place. */
  readonly headers: Headers;
  readonly body: RawBody | null;
  /** Aborts when the sender hangs up. */
  readonly signal: AbortSignal | null;
  /** Asked before bytes of a body are kept. */
  readonly take: (bytes: number) => boolean;
}

/** …as plain data has it: of a test, or of an exchange. */
export const rawOfHit = ({ headers, body }: Hit): RawRequest => {
  const own = new Headers();
  for (const [name, value] of headers) own.append(name, value);
  return {
    headers: own,
    body: body === null ? null : { kind: "bytes", bytes: body },
    signal: null,
    take: () => true,
  };
};
