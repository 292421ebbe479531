import { tryFromUtf8 } from "../lib/bytes.ts";

/** `u32le length of JSON · JSON in UTF-8 · bytes` (docs/host-door.md). */
export interface Frame {
  readonly json: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a frame says of its JSON, before anything of it is read: any number. */
export const headLength = (framed: Uint8Array<ArrayBuffer>): number =>
  framed.length < 4 ? 0 : new DataView(framed.buffer, framed.byteOffset).getUint32(0, true);

/** `undefined` when the lengths or the text do not hold. The bytes are a view, not a copy. */
export const readFrame = (framed: Uint8Array<ArrayBuffer>): Frame | undefined => {
  if (framed.length < 4) return undefined;
  const length = headLength(framed);
  if (length > framed.length - 4) return undefined;
  const json = tryFromUtf8(framed.subarray(4, 4 + length));
  return json === undefined ? undefined : { json, bytes: framed.subarray(4 + length) };
};

export const LINE_FEED = 0x0a;

/** `JSON in UTF-8 · line feed · bytes`: the same from one text of the guest's, which needs no frame built around it. */
export const readLine = (line: Uint8Array<ArrayBuffer>): Frame | undefined => {
  const end = line.indexOf(LINE_FEED);
  const json = end < 0 ? undefined : tryFromUtf8(line.subarray(0, end));
  return json === undefined ? undefined : { json, bytes: line.subarray(end + 1) };
};

/** How deep arrays and objects nest in a JSON text; quotes and escapes are heeded, nothing else is checked. */
export const depthOf = (json: string): number => {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return deepest;
};
