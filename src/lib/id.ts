const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ENCODED_LENGTH = 26;

export type IdPrefix = "acc" | "key" | "rsp" | "scr" | "sec" | "exc" | "trk" | "req" | "ntc";

/** A UUIDv7 (RFC 9562): 48 bits of `now` in ms, version, variant, 74 random bits. */
const uuidV7 = (now: number): Uint8Array => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return bytes;
};

/** 128 bits as 26 digits of Crockford's base32, lower case, most significant first: text sorts as bytes do. */
const crockford = (bytes: Uint8Array): string => {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (let index = 0; index < ENCODED_LENGTH; index += 1) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
};

/** `rsp_01h…`: ids of one kind sort by the time they were made. */
export const newId = (prefix: IdPrefix, now: number): string => `${prefix}_${crockford(uuidV7(now))}`;

export const isId = (prefix: IdPrefix, text: string): boolean =>
  text.length === prefix.length + 1 + ENCODED_LENGTH &&
  text.startsWith(`${prefix}_`) &&
  /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1));
