/** What a decoder makes of the bytes that it is given, in their order. Places are those of the bytes in the input. */
export interface Decoded {
  /** A byte that stands for itself, at its place. */
  readonly literal: (byte: number, at: number) => void;
  /** A byte of what stands escaped from `start` to before `end`. */
  readonly decoded: (byte: number, start: number, end: number) => void;
}

/** Undoes one way of escaping, byte by byte: an escape may be cut anywhere between two chunks. */
export interface Decoder {
  readonly push: (byte: number, at: number) => void;
  /** The input ends: what was begun and not completed stands for itself. */
  readonly end: () => void;
  /** Where the escape begins that is not complete yet, or `undefined`. */
  readonly openFrom: () => number | undefined;
}

/** A way of escaping, and the bytes with which its escapes begin. */
export interface Escaping {
  readonly begins: readonly number[];
  readonly createDecoder: (out: Decoded) => Decoder;
}

/** The value of a hexadecimal digit, or -1. */
export const digitOf = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};
