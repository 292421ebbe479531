import { fromBase64 } from "../../lib/bytes.ts";
import { keyFault, type KeyFault, type KeyMaterial, NO_KEY, UNREADABLE } from "./key-material.ts";
import { readPkcs1, readPkcs8, readSec1 } from "./pkcs8.ts";

interface Block {
  readonly label: string;
  readonly text: string;
}

const BEGIN = "-----BEGIN ";
const DASHES = "-----";

/** What stands between lines of BEGIN and END (RFC 7468), in one pass over the text. */
const blocksOf = (text: string): readonly Block[] => {
  const blocks: Block[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
    const labelEnd = text.indexOf(DASHES, at + BEGIN.length);
    const label = text.slice(at + BEGIN.length, Math.max(labelEnd, 0));
    const end = labelEnd < 0 ? -1 : text.indexOf(`-----END ${label}-----`, labelEnd);
    if (end < 0) break;
    blocks.push({ label, text: text.slice(labelEnd + DASHES.length, end) });
    at = end;
  }
  return blocks;
};

const ENCRYPTED = keyFault("holds a private key under a passphrase: store it without one.");

const READERS = new Map([
  ["PRIVATE KEY", readPkcs8],
  ["RSA PRIVATE KEY", readPkcs1],
  ["EC PRIVATE KEY", readSec1],
]);

const readBlock = ({ label, text }: Block): KeyMaterial | KeyFault => {
  const read = READERS.get(label);
  if (label === "ENCRYPTED PRIVATE KEY" || text.includes("ENCRYPTED")) return ENCRYPTED;
  if (label === "OPENSSH PRIVATE KEY")
    return keyFault("holds a key in OpenSSH's own format: convert it with `ssh-keygen -p -m PKCS8`.");
  if (read === undefined) return NO_KEY;
  const bytes = fromBase64(text.replaceAll(/\s/g, ""));
  return bytes === undefined ? UNREADABLE : read(bytes);
};

export const isPem = (text: string): boolean => text.includes(BEGIN);

/** The first private key of a PEM text. Line ends may be written as `\n`, as they are in environment variables. */
export const readPem = (text: string): KeyMaterial | KeyFault => {
  const blocks = blocksOf(text.replaceAll("\\r", "").replaceAll("\\n", "\n"));
  const block = blocks.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (block !== undefined) return readBlock(block);
  if (blocks.length === 0) return UNREADABLE;
  return keyFault("holds a public key or a certificate: to sign, a private key is needed.");
};
