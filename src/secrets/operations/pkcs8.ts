import { hex } from "../../lib/bytes.ts";
import {
  CONTEXT_0,
  element,
  elementsOf,
  inside,
  INTEGER,
  OBJECT_ID,
  OCTET_STRING,
  SEQUENCE,
  unsigned,
} from "../../lib/der.ts";
import { keyFault, type KeyFault, type KeyMaterial, rsaOf, scalarOf, UNREADABLE } from "./key-material.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Object identifiers, without tag and length (RFC 8017, RFC 5480, RFC 8410). */
const RSA = new Uint8Array([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
const EC = new Uint8Array([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
const P_256 = new Uint8Array([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
const ED25519 = new Uint8Array([0x2b, 0x65, 0x70]);
const NULL = new Uint8Array([0x05, 0x00]);

const isSame = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && hex(one) === hex(other);

const OTHER_CURVE = keyFault("holds an EC key on another curve than P-256, the only one that can sign here.");

/** `version, n, e, d, p, q, dp, dq, qi` (RFC 8017, A.1.2). */
export const readPkcs1 = (bytes: Bytes): KeyMaterial | KeyFault => {
  const sequence = inside(bytes, SEQUENCE);
  const numbers = sequence && elementsOf(sequence)?.filter(({ tag }) => tag === INTEGER);
  return rsaOf(numbers?.slice(1, 9).map(({ content }) => content) ?? []) ?? UNREADABLE;
};

/** `1, scalar, [0] curve, [1] point` (RFC 5915). `curve`: as it was told outside, if it was. */
export const readSec1 = (bytes: Bytes, curve?: Uint8Array): KeyMaterial | KeyFault => {
  const sequence = inside(bytes, SEQUENCE);
  if (sequence === undefined) return UNREADABLE;
  const own = inside(sequence, CONTEXT_0);
  const named = own === undefined ? curve : inside(own, OBJECT_ID);
  if (named !== undefined && !isSame(named, P_256)) return OTHER_CURVE;
  const scalar = scalarOf(inside(sequence, OCTET_STRING));
  return scalar === undefined ? UNREADABLE : { kind: "p-256", scalar };
};

/** `version, algorithm, key` (RFC 5208). */
export const readPkcs8 = (bytes: Bytes): KeyMaterial | KeyFault => {
  const outer = inside(bytes, SEQUENCE);
  const key = outer && inside(outer, OCTET_STRING);
  const algorithm = outer && inside(outer, SEQUENCE);
  const ids = algorithm && elementsOf(algorithm)?.filter(({ tag }) => tag === OBJECT_ID);
  if (key === undefined || ids === undefined) return UNREADABLE;
  const [name, curve] = ids.map(({ content }) => content);
  if (isSame(name, RSA)) return readPkcs1(key);
  if (isSame(name, EC)) return readSec1(key, curve);
  if (!isSame(name, ED25519))
    return keyFault("holds a private key of a kind that cannot sign here: take RSA, P-256 or Ed25519.");
  const seed = scalarOf(inside(key, OCTET_STRING));
  return seed === undefined ? UNREADABLE : { kind: "ed25519", seed };
};

const version = (number: number): Bytes => element(INTEGER, new Uint8Array([number]));
const wrap = (algorithm: readonly Bytes[], key: Bytes): Bytes =>
  element(SEQUENCE, version(0), element(SEQUENCE, ...algorithm), element(OCTET_STRING, key));

/** The one form that the platform is given. */
export const writePkcs8 = (material: KeyMaterial): Bytes => {
  switch (material.kind) {
    case "rsa":
      return wrap(
        [element(OBJECT_ID, RSA), NULL],
        element(SEQUENCE, version(0), ...material.numbers.map(unsigned)),
      );
    case "p-256":
      return wrap(
        [element(OBJECT_ID, EC), element(OBJECT_ID, P_256)],
        element(SEQUENCE, version(1), element(OCTET_STRING, material.scalar)),
      );
    case "ed25519":
      return wrap([element(OBJECT_ID, ED25519)], element(OCTET_STRING, material.seed));
    default:
      return material satisfies never;
  }
};
