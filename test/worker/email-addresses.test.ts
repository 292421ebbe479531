import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  addAddress,
  type AddressDeps,
  deleteAddress,
  listAddresses,
  verifyAddress,
} from "../../src/notifications/addresses/manage.ts";
import { verifiedAddresses } from "../../src/notifications/addresses/store.ts";
import type { Mail } from "../../src/notifications/index.ts";
import { createDb } from "../../src/storage/index.ts";
import { mintAccount } from "../support/account.ts";
import { pathsOf } from "../support/api.ts";
import { mintPrincipal } from "../support/principal.ts";

const db = createDb(env.DB);
const MINUTE = 60_000;
const ADDRESS = "a@example.com";

const newDesk = async (more: Partial<AddressDeps> = {}) => {
  const who = await mintPrincipal(["responders:write"]);
  const clock = { now: 1_000_000_000_000 };
  const mails: Mail[] = [];
  const deps: AddressDeps = {
    db,
    now: () => clock.now,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    sendMail: async (mail) => {
      mails.push(mail);
    },
    ...more,
  };
  return {
    accountId: who.account.id,
    clock,
    mails,
    codeOf: (mail = mails.at(-1)) => /^The code is (\w{8})$/m.exec(mail?.text ?? "")?.[1] ?? "",
    add: (address: string) => addAddress(deps, who, address),
    verify: (address: string, code: string) => verifyAddress(deps, who, address, code),
    list: () => listAddresses(deps, who),
    remove: (address: string) => deleteAddress(deps, who, address),
  };
};

describe("an address for notifications", () => {
  it("is verified by the code that was sent there, in either case", async () => {
    const desk = await newDesk();
    expect(await desk.add("a@Example.com")).toMatchObject({ address: ADDRESS, verifiedAt: null });
    expect(desk.mails).toMatchObject([
      { to: ADDRESS, subject: expect.stringMatching(/^\w{8} is your code$/) },
    ]);
    expect(await verifiedAddresses(db, desk.accountId)).toEqual(new Set());
    const verified = await desk.verify(ADDRESS, ` ${desk.codeOf().toLowerCase()} `);
    expect(verified.verifiedAt).toBe(desk.clock.now);
    expect(await verifiedAddresses(db, desk.accountId)).toEqual(new Set([ADDRESS]));
    expect(await desk.list()).toMatchObject([{ address: ADDRESS }]);
  });

  it("takes five tries of a code, however many at once", async () => {
    const desk = await newDesk();
    await desk.add(ADDRESS);
    const tries = Array.from({ length: 20 }, () => desk.verify(ADDRESS, "00000000"));
    const endings = await Promise.allSettled(tries);
    expect(new Set(endings.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    await expect(desk.verify(ADDRESS, desk.codeOf())).rejects.toMatchObject({ code: "invalid" });
    desk.clock.now += 16 * MINUTE;
    await desk.add(ADDRESS);
    await desk.verify(ADDRESS, desk.codeOf());
  });

  it("takes no code after 15 minutes, nor one of another account or address", async () => {
    const desk = await newDesk();
    await desk.add(ADDRESS);
    const code = desk.codeOf();
    const other = await newDesk();
    await other.add(ADDRESS);
    await expect(other.verify(ADDRESS, code)).rejects.toMatchObject({ code: "invalid" });
    await desk.add("b@example.com");
    await expect(desk.verify("b@example.com", code)).rejects.toMatchObject({ code: "invalid" });
    desk.clock.now += 16 * MINUTE;
    await expect(desk.verify(ADDRESS, code)).rejects.toMatchObject({ code: "invalid" });
    await expect(desk.verify("c@example.com", code)).rejects.toMatchObject({ code: "not-found" });
  });

  it("is written to once in 15 minutes, whatever is asked, deleted or asked at once", async () => {
    const desk = await newDesk();
    const endings = await Promise.allSettled(Array.from({ length: 5 }, () => desk.add(ADDRESS)));
    expect(endings.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(desk.add(ADDRESS)).rejects.toMatchObject({ code: "conflict" });
    await expect(desk.remove(ADDRESS)).rejects.toMatchObject({ code: "conflict" });
    expect(desk.mails).toHaveLength(1);
    desk.clock.now += 16 * MINUTE;
    await desk.remove(ADDRESS);
    expect(await desk.list()).toEqual([]);
  });

  it("is one of ten at most", async () => {
    const desk = await newDesk();
    for (let number = 0; number < 10; number += 1) await desk.add(`a${number}@example.com`);
    await expect(desk.add(ADDRESS)).rejects.toMatchObject({ code: "over-limit" });
    expect(desk.mails).toHaveLength(10);
  });

  it("need not wait for a mail that could not be sent", async () => {
    let isDown = true;
    const desk = await newDesk({
      sendMail: () => (isDown ? Promise.reject(new Error("down")) : Promise.resolve()),
    });
    await expect(desk.add(ADDRESS)).rejects.toMatchObject({ code: "unavailable" });
    isDown = false;
    expect(await desk.add(ADDRESS)).toMatchObject({ address: ADDRESS });
  });

  it.each(["a@b", "a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com"])(
    "is not %j",
    async (text) => {
      const desk = await newDesk();
      await expect(desk.add(text)).rejects.toMatchObject({ code: "invalid" });
      expect(desk.mails).toEqual([]);
    },
  );
});

describe("without a binding for e-mail", () => {
  it("the API says so", async () => {
    const account = await mintAccount();
    const refused = await account.api("POST", "/notifications/addresses", { address: ADDRESS });
    expect([refused.status, pathsOf(refused)]).toEqual([422, ["address"]]);
    expect(refused.body.detail).toContain("send_email");
    expect((await account.api("GET", "/notifications/addresses")).body).toEqual({ items: [] });
    const path = `/notifications/addresses/${encodeURIComponent(ADDRESS)}`;
    expect((await account.api("POST", `${path}/verify`, { code: "x" })).status).toBe(404);
    expect((await account.api("DELETE", path)).status).toBe(404);
  });
});
