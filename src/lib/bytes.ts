const encoder = new TextEncoder();
const lenient = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Under the engine's limit on arguments, and fast. */
const CHUNK = 0x8000;

export const EMPTY: Uint8Array<ArrayBuffer> = new Uint8Array(0);

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = encoder.encode(text);
  const { buffer } = bytes;
  // Always this way; the platform's types do not say so.
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, bytes.byteOffset, bytes.length)
    : new Uint8Array(bytes);
};

/** Invalid bytes become U+FFFD; a BOM is kept. */
export const fromUtf8 = (bytes: Uint8Array): string => lenient.decode(bytes);

/** The text, or `undefined` when the bytes are not valid UTF-8. */
export const tryFromUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
};

export const hex = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
};

/** Hex in either case; `undefined` for anything else. */
export const fromHex = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
};

export const base64 = (bytes: Uint8Array): string => {
  let binary = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    // Spread would go through an iterator, five times slower.
    const chunk: string = Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + CHUNK));
    binary += chunk;
  }
  return btoa(binary);
};

/** Unpadded base64url (RFC 4648, section 5). */
export const base64url = (bytes: Uint8Array): string =>
  base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const binaryToBytes = (binary: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
};

/** Standard base64, padded or not; `undefined` for anything else. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  try {
    return binaryToBytes(atob(text));
  } catch {
    return undefined;
  }
};

/** Base64url, padded or not; `undefined` for anything else. */
export const fromBase64url = (text: string): Uint8Array<ArrayBuffer> | undefined =>
  /[+/]/.test(text) ? undefined : fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));

export const concat = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const sha256Hex = async (text: string): Promise<string> => hex(await sha256(utf8(text)));
