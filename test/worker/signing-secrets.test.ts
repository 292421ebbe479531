import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Secrets, SigningSecrets } from "../../src/secrets/index.ts";
import { createDb, schema } from "../../src/storage/index.ts";
import { mintAccount } from "../support/account.ts";
import { journalOf } from "../support/journal.ts";
import { masterKey, secretsWith } from "../support/secrets.ts";

const db = createDb(env.DB);
const OLD = masterKey("old", 1);
const NEW = masterKey("new", 2);

const signingOf = ({ signing }: Pick<Secrets, "signing">): SigningSecrets => {
  if (signing === undefined) throw new Error("no keys");
  return signing;
};

const newSigner = async () => {
  const account = await mintAccount();
  const { id } = await journalOf(account);
  return { accountId: account.id, responderId: id };
};

describe("what a responder's notifications are signed with", () => {
  it("is made when it is first needed, and stays until it is renewed", async () => {
    const { secrets } = secretsWith();
    const { read, renew } = signingOf(secrets);
    const signer = await newSigner();
    expect(await secrets.signingSince(signer.responderId)).toBeNull();
    const first = await read(signer);
    expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await read(signer)).toBe(first);
    const second = await renew(signer);
    expect(second).not.toBe(first);
    expect(await read(signer)).toBe(second);
    expect(await secrets.signingSince(signer.responderId)).toBeGreaterThan(0);
  });

  it("is one for all who need it first at the same time", async () => {
    const { read } = signingOf(secretsWith().secrets);
    const signer = await newSigner();
    const all = await Promise.all(Array.from({ length: 5 }, () => read(signer)));
    expect(new Set(all).size).toBe(1);
  });

  it("lies in the database sealed, and follows a rotation of master keys", async () => {
    const signer = await newSigner();
    const text = await signingOf(secretsWith({ masterKeys: [OLD] }).secrets).read(signer);
    const [row] = await db
      .select()
      .from(schema.signingSecrets)
      .where(eq(schema.signingSecrets.id, signer.responderId));
    expect(JSON.stringify(row)).not.toContain(text.slice("whsec_".length));
    const { secrets } = secretsWith({ masterKeys: [NEW, OLD] });
    expect(await secrets.management?.rotate({ kind: "operator" })).toMatchObject({ rewrapped: 1, left: 0 });
    expect(await signingOf(secretsWith({ masterKeys: [NEW] }).secrets).read(signer)).toBe(text);
    await expect(signingOf(secretsWith({ masterKeys: [OLD] }).secrets).read(signer)).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  it("is made for no responder that is not there", async () => {
    const { read } = signingOf(secretsWith().secrets);
    const { responderId } = await newSigner();
    await expect(read({ accountId: "acc_other", responderId })).rejects.toMatchObject({ code: "not-found" });
  });
});
