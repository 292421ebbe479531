import { Buffer } from "node:buffer";
import { utf8 } from "../../lib/bytes.ts";
import { PLACEHOLDER, type Placeholders } from "../placeholders.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** This run's placeholders of whole secrets, replaced by the secrets' texts: what a replay's recorded marks stand for. */
const expandText = (text: string, { find }: Placeholders): string =>
  text.replaceAll(PLACEHOLDER, (found) => {
    const placeholder = find(found);
    return placeholder === undefined || placeholder.basicUser !== null ? found : placeholder.secret.value;
  });

const MARK = utf8("hwsec_");

/** The same in bytes of any kind; the same object when there is nothing to replace. */
export const expandBytes = (bytes: Bytes, placeholders: Placeholders): Bytes => {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!given.includes(MARK)) return bytes;
  const inLatin1 = (found: string): string =>
    Buffer.from(utf8(expandText(found, placeholders))).toString("latin1");
  return new Uint8Array(Buffer.from(given.toString("latin1").replaceAll(PLACEHOLDER, inLatin1), "latin1"));
};
