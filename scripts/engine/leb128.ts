/** Numbers as WebAssembly writes them (core specification, 5.2.2). */

/** A place in a byte string, moved on by what is read from it. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

export const cursorOf = (bytes: Uint8Array, at = 0): Cursor => ({ bytes, at });

export const readByte = (cursor: Cursor): number => {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) throw new Error(`the module ends in the middle of a value, at byte ${cursor.at}`);
  cursor.at += 1;
  return byte;
};

/** An unsigned number of at most 32 bits. */
export const readU32 = (cursor: Cursor): number => {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = readByte(cursor);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new Error(`a number is longer than 32 bits, at byte ${cursor.at}`);
};

/** A signed number of at most 32 bits. */
export const readS32 = (cursor: Cursor): number => {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = readByte(cursor);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return shift < 25 && (byte & 0x40) !== 0 ? value | (-1 << (shift + 7)) : value;
  }
  throw new Error(`a number is longer than 32 bits, at byte ${cursor.at}`);
};

/** Steps over a number of any sign and width. */
export const skipLeb = (cursor: Cursor): void => {
  while (readByte(cursor) >= 0x80);
};

export const readName = (cursor: Cursor): string => {
  const length = readU32(cursor);
  const text = new TextDecoder().decode(cursor.bytes.subarray(cursor.at, cursor.at + length));
  cursor.at += length;
  return text;
};

export const u32 = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
};

/** A signed constant, as `i32.const` takes it. */
export const s32 = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
};

export const nameBytes = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)];
  return [...u32(bytes.length), ...bytes];
};

export const joined = (parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
