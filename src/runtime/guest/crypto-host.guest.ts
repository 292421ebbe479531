import type { Algorithm, Parts } from "./crypto-algorithm.guest.ts";
import { newParts, sentAlgorithm } from "./crypto-algorithm.guest.ts";
import type { KeyFacts, KeyType, Material } from "./crypto-key.guest.ts";
import { materialOf } from "./crypto-key.guest.ts";
import { askLater } from "./door.guest.ts";
import type { HostValue } from "./door.guest.ts";
import { frame, jsonOf } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** What goes with a call besides its algorithm; bytes travel behind the JSON. */
export interface CallFields {
  readonly key?: unknown;
  readonly peer?: unknown;
  readonly material?: Material;
  readonly data?: Bytes;
  readonly signature?: Bytes;
  readonly format?: string;
  readonly length?: number;
}

/** A key for the host's eyes: it imports it anew with each call. */
const sent = ({ format, bytes, imported }: Material, parts: Parts): object => ({
  format,
  algorithm: imported,
  material: parts.add(bytes),
});

/** One call of the host's cryptography. Everything that the script gave is copied before this returns. */
export const callHost = (name: string, algorithm: Algorithm, fields: CallFields): Promise<HostValue> => {
  const parts = newParts();
  const { key, peer, material, data, signature, ...plain } = fields;
  const head = {
    call: name,
    algorithm: sentAlgorithm(algorithm, parts),
    ...plain,
    ...(material === undefined ? {} : { key: sent(material, parts) }),
    ...(key === undefined ? {} : { key: sent(materialOf(key), parts) }),
    ...(peer === undefined ? {} : { peer: sent(materialOf(peer), parts) }),
    ...(data === undefined ? {} : { data: parts.add(data) }),
    ...(signature === undefined ? {} : { signature: parts.add(signature) }),
  };
  return askLater("subtle", frame({ ...head, parts: parts.list.map((part) => part.length) }, parts.list));
};

export const bufferFrom = (value: HostValue): ArrayBuffer => {
  if (value === undefined || typeof value === "string") throw new TypeError("The host gave no bytes.");
  return value;
};

type HostFacts = Pick<KeyFacts, "type" | "algorithm">;
const TYPES: readonly KeyType[] = ["public", "private", "secret"];
const isFacts = (value: unknown): value is HostFacts =>
  typeof value === "object" && value !== null && TYPES.some((type) => type === Reflect.get(value, "type"));

/** What the host says of a key that it has checked. */
export const factsFrom = (value: HostValue): HostFacts => {
  const facts = jsonOf(value);
  if (!isFacts(facts)) throw new TypeError("The host gave no key.");
  return facts;
};

export interface MadeKey extends HostFacts {
  readonly format: string;
  readonly material: readonly number[];
}
const isMade = (value: unknown): value is readonly MadeKey[] => Array.isArray(value) && value.every(isFacts);

/** Freshly generated: one secret key, or a public and a private one. */
export const madeFrom = (value: HostValue): readonly MadeKey[] => {
  const made = jsonOf(value);
  if (!isMade(made)) throw new TypeError("The host gave no key.");
  return made;
};
