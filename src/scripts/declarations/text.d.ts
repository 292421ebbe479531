interface TextEncoder {
  readonly encoding: "utf-8";
  encode(text?: string): Uint8Array<ArrayBuffer>;
  /** Whole characters only, as many as fit. */
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
declare var TextEncoder: {
  readonly prototype: TextEncoder;
  new (): TextEncoder;
};

interface TextDecoderOptions {
  /** Invalid bytes are a `TypeError`; else they are replaced. */
  readonly fatal?: boolean | undefined;
  /** Leaves a byte-order mark in the text. */
  readonly ignoreBOM?: boolean | undefined;
}

/** Every encoding of the Web. Streams in an old encoding are decoded from their beginning with each piece. */
interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: BufferSource, options?: { readonly stream?: boolean | undefined } | null): string;
}
declare var TextDecoder: {
  readonly prototype: TextDecoder;
  /** `utf-8` unless given. */
  new (label?: string, options?: TextDecoderOptions | null): TextDecoder;
};

/** From base64. What is no base64 is an `InvalidCharacterError`. */
declare function atob(base64: string): string;
/** To base64, of a text whose characters are bytes. */
declare function btoa(binary: string): string;
