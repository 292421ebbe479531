import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, rewrap, seal } from "../../../src/secrets/envelope.ts";
import { createKeyring, type Keyring, type MasterKey } from "../../../src/secrets/keyring.ts";

const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const masterKey = (id: string, fill: number): MasterKey => ({ id, bytes: new Uint8Array(32).fill(fill) });
const keyringOf = (...keys: readonly MasterKey[]): Keyring => {
  const keyring = createKeyring(keys);
  if (keyring === undefined) throw new Error("no keys");
  return keyring;
};
const OLD = masterKey("old", 1);
const NEW = masterKey("new", 2);
const keyring = keyringOf(OLD, NEW);
const deps = { keyring, randomBytes };

const bound = {
  accountId: "acc_1",
  id: "sec_1",
  version: 1,
  hosts: '["a.com"]',
  places: '["header:authorization"]',
};
const rowOf = async (value: string, more: Partial<typeof bound> = {}) => {
  const of = { ...bound, ...more };
  return { ...of, bytes: new TextEncoder().encode(value).length, ...(await seal(deps, of, value)) };
};
type Row = Awaited<ReturnType<typeof rowOf>>;

const flipped = (text: string, index: number, bit: number): string =>
  text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) ^ (1 << bit)) + text.slice(index + 1);

describe("a sealed secret", () => {
  it("opens to the same text, whatever it is", async () => {
    const values = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await open(keyring, await rowOf(value))).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  it("holds nothing of the value, and is another one each time", async () => {
    const [one, two] = [
      await rowOf("correct horse battery staple"),
      await rowOf("correct horse battery staple"),
    ];
    expect(one.sealed).not.toBe(two.sealed);
    expect(one.wrapped).not.toBe(two.wrapped);
    for (const column of [one.sealed, one.wrapped]) {
      expect(Buffer.from(column, "base64url").includes("correct horse")).toBe(false);
    }
  });

  it("does not open when any bit of a column is flipped", async () => {
    const row = await rowOf("hush");
    const columns = ["sealed", "wrapped", "masterKeyId", "id", "accountId", "hosts", "places"] as const;
    for (const column of columns) {
      for (let index = 0; index < row[column].length; index += 1) {
        for (let bit = 0; bit < 7; bit += 1) {
          const changed = { ...row, [column]: flipped(row[column], index, bit) };
          expect([column, index, bit, await open(keyring, changed)]).toEqual([column, index, bit, undefined]);
        }
      }
    }
    for (const column of ["version", "bytes"] as const) {
      for (let bit = 0; bit < 16; bit += 1) {
        expect(await open(keyring, { ...row, [column]: row[column] ^ (1 << bit) })).toBeUndefined();
      }
    }
    expect(await open(keyring, row)).toBe("hush");
  });

  it("does not open with a column cut, lengthened, padded, emptied or not base64url", async () => {
    const row = await rowOf("hush");
    const spoil = [
      (text: string) => text.slice(0, -1),
      (text: string) => text.slice(1),
      (text: string) => `${text}A`,
      (text: string) => `${text}=`,
      (text: string) => `${text} `,
      () => "",
      () => "A".repeat(16),
      () => "é!",
    ];
    for (const change of spoil) {
      expect(await open(keyring, { ...row, sealed: change(row.sealed) })).toBeUndefined();
      expect(await open(keyring, { ...row, wrapped: change(row.wrapped) })).toBeUndefined();
    }
  });

  it("does not open in another row, in whole or in part", async () => {
    const row = await rowOf("mine");
    const others: readonly Row[] = [
      await rowOf("your", { accountId: "acc_2" }),
      await rowOf("that", { id: "sec_2" }),
      await rowOf("next", { version: 2 }),
      await rowOf("away", { hosts: '["evil.com"]' }),
      await rowOf("here", { places: '["query"]' }),
    ];
    for (const other of others) {
      const { sealed, wrapped, masterKeyId } = other;
      for (const moved of [{ sealed, wrapped, masterKeyId }, { sealed }, { wrapped }]) {
        expect(await open(keyring, { ...row, ...moved })).toBeUndefined();
        expect(await open(keyring, { ...other, ...row, sealed: other.sealed })).toBeUndefined();
      }
    }
    // Parts of the binding that run into each other are not the same binding.
    const near = await rowOf("near", { accountId: "acc_1s", id: "ec_1" });
    expect(await open(keyring, { ...near, accountId: "acc_1", id: "sec_1" })).toBeUndefined();
  });

  it("does not open by a key of the same name, without its key, or with another", async () => {
    const row = await rowOf("hush");
    expect(await open(keyringOf(masterKey("old", 9)), row)).toBeUndefined();
    expect(await open(keyringOf(NEW), row)).toBeUndefined();
    expect(await open(keyringOf(NEW, OLD), { ...row, masterKeyId: "new" })).toBeUndefined();
  });
});

describe("wrapping anew", () => {
  it("brings a row under the first key, and leaves the value's ciphertext as it is", async () => {
    const row = await rowOf("hush");
    const wrapping = await rewrap({ keyring: keyringOf(NEW, OLD), randomBytes }, row, row);
    expect(wrapping?.masterKeyId).toBe("new");
    expect(await open(keyringOf(NEW), { ...row, ...wrapping })).toBe("hush");
  });

  it("brings it under other terms, which open then, and no others", async () => {
    const row = await rowOf("hush");
    const terms = { hosts: "[]", places: '["query"]' };
    const changed = { ...row, ...terms, ...(await rewrap(deps, row, terms)) };
    expect(await open(keyring, changed)).toBe("hush");
    expect(await open(keyring, { ...changed, hosts: row.hosts })).toBeUndefined();
  });

  it("does nothing for a row that does not open", async () => {
    const row = await rowOf("hush");
    expect(await rewrap({ keyring: keyringOf(NEW), randomBytes }, row, row)).toBeUndefined();
    expect(await rewrap(deps, { ...row, hosts: "[]" }, row)).toBeUndefined();
  });
});

describe("a keyring", () => {
  it("seals by its first key, and gives none of them away", async () => {
    expect(createKeyring([])).toBeUndefined();
    expect([keyring.sealingId, keyring.ids]).toEqual(["old", ["old", "new"]]);
    const key = await keyring.keyOf("new");
    expect([key?.extractable, key?.usages]).toEqual([false, ["encrypt", "decrypt"]]);
    expect(await keyring.keyOf("new")).toBe(key);
    expect(await keyring.keyOf("other")).toBeUndefined();
  });
});
