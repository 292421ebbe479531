import { describe, expect, it } from "vitest";
import { TIER_LIMITS, type Tier, TIERS } from "../../src/accounts/index.ts";
import { mintAccount } from "../support/account.ts";
import { spending, tiered, type Tiered } from "../support/tiered.ts";

const SLEEP = (ms: number): string =>
  `export default () => new Promise((done) => setTimeout(() => done(null), ${ms}))`;
/** Awake now and then, until the test's clock is far ahead: longer than any test may take. */
const SLEEP_UNTIL_LATER = `export default async () => {
  const later = Date.now() + 10_000;
  while (Date.now() < later) await new Promise((done) => setTimeout(done, 80));
}`;
const REFUSED = { kind: "unavailable", reason: "share", retryAfterSeconds: 1 };
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe.each(TIERS)("the share of an account of the tier %s", (tier: Tier) => {
  const { runsPerResponder, runsPerAccount, cpuMsPer10s, cpuMs } = TIER_LIMITS[tier];

  /** So many runs that are asleep at once; the last begins when the others have. */
  const crowd = async ({ run }: Tiered, count: number, responderOf: (place: number) => string) => {
    const runs = Array.from({ length: count }, (_, place) =>
      run(tier, SLEEP(300), { responder: responderOf(place) }),
    );
    const kinds = new Map<string, number>();
    for (const { end } of runs) {
      const outcome = await end;
      const kind = outcome.kind === "unavailable" ? outcome.reason : outcome.kind;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    return Object.fromEntries(kinds);
  };

  it("is so many runs of one responder at once", async () => {
    expect(await crowd(tiered(), runsPerResponder + 1, () => "one")).toEqual({
      returned: runsPerResponder,
      share: 1,
    });
  });

  it("is so many runs of all its responders at once", async () => {
    const spread = (place: number): string => `responder-${place % 3}`;
    expect(await crowd(tiered(), runsPerAccount + 1, spread)).toEqual({ returned: runsPerAccount, share: 1 });
  });

  it("is so much CPU, while another account wants some", async () => {
    const product = tiered();
    const { run, clock } = product;
    const spend = await spending(product);
    const bucket = cpuMsPer10s ?? 40_000;
    const piece = cpuMs - 10;
    const busy = (code: string) => run(tier, code, { account: "busy" }).end;
    const other = run(tier, SLEEP_UNTIL_LATER, { account: "other" });

    for (let left = bucket - 20; left > 0; left -= piece) {
      expect((await busy(spend(Math.min(left, piece)))).kind).toBe("returned");
    }
    // With a little left, all that ask may begin, and owe half a bucket when they end.
    const sleepFirst = "await new Promise((done) => setTimeout(done, 20));";
    const owing = Array.from({ length: Math.ceil(bucket / 2 / piece) }, () =>
      busy(spend(piece, "", sleepFirst)),
    );
    expect((await Promise.all(owing)).map(({ kind }) => kind)).toEqual(owing.map(() => "returned"));

    // It waits for its turn as long as anybody may; a third of the bucket comes back meanwhile.
    const waiting = busy(spend(1));
    for (let step = 0; step < 4; step += 1) {
      await pause(110);
      clock.now += 850;
    }
    const late = await waiting;
    if (cpuMsPer10s === null) expect(late.kind).toBe("returned");
    else expect(late).toMatchObject(REFUSED);
    clock.now += 10_000;
    expect((await other.end).kind).toBe("returned");
    expect((await busy(spend(1))).kind).toBe("returned");
  });
});

describe("what an account may send", () => {
  const sourceOf = (length: number): string => "export default () => null //".padEnd(length, "x");

  it.each(TIERS)("as a script, with the tier %s", async (tier) => {
    const account = await mintAccount({ tier });
    const save = (source: string) =>
      account.api("POST", "/responders", {
        name: `R${source.length}`,
        path: `/${source.length}`,
        script: { source, language: "js" },
      });
    const { sourceBytes } = TIER_LIMITS[tier];
    expect((await save(sourceOf(sourceBytes))).status).toBe(201);
    const refused = await save(sourceOf(sourceBytes + 1));
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, "script.source"]);
  });

  it.each(TIERS)("as a body, by anybody, with the tier %s", async (tier) => {
    const account = await mintAccount({ tier });
    await account.api("POST", "/responders", {
      name: "Body",
      path: "/body",
      method: "POST",
      script: { source: "export default (request) => new Response(request.body)", language: "js" },
    });
    const { requestBodyBytes } = TIER_LIMITS[tier];
    const send = async (size: number) => {
      const response = await account.hit("POST", "/body", { body: new Uint8Array(size) });
      return [response.status, (await response.arrayBuffer()).byteLength];
    };
    expect(await send(requestBodyBytes)).toEqual([200, requestBodyBytes]);
    expect((await send(requestBodyBytes + 1))[0]).toBe(413);
  });
});
