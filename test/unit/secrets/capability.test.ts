import {
  anything,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  oneof,
  string,
  uint8Array,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import { OpError, secrets, type SecretPowers } from "../../../src/runtime/index.ts";
import { frameOf } from "../../support/prices.ts";
import { engineModule } from "../../support/node-engine.ts";
import { sandboxOf } from "../../support/sandbox.ts";
import { secretsOf } from "../../support/granted-secrets.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const NEVER = new AbortController().signal;
const grants = secretsOf({ ONE: "the first secret", TWO: "the second secret" });
const capabilityOf = (powers: SecretPowers = grants.granted.powers) => secrets(powers, [utf8("a body")]);

/** As the border does: the price first, then the call. */
const perform = async (argument: Bytes, capability = capabilityOf()) => {
  const op = capability.async?.["secret"];
  if (op === undefined) throw new Error("no op");
  const price = op.price(argument);
  return { price, value: await op.call(argument, NEVER) };
};
const refusal = async (head: object, data: Bytes = utf8("data")): Promise<string> => {
  try {
    await perform(frameOf(head, [data]));
    return "done";
  } catch (error) {
    return error instanceof OpError ? `${error.name}: ${error.message}` : String(error);
  }
};

describe("the capability secrets", () => {
  it.each([2, -1, 0.5, 2 ** 40, "0", null, undefined, [0], {}, "length"])(
    "has no secret at the place %o",
    async (place) => {
      const none = "TypeError: There is no such secret.";
      expect(await refusal({ call: "equals", place })).toBe(none);
      expect(await refusal({ call: "sign", place, algorithm: "RS256" })).toBe(none);
      expect(await refusal({ call: "verify", places: [0, place] })).toBe(none);
    },
  );

  it.each(["2", "-1", "0.5", "", " 0", "0x0", "1e0", "99999999"])(
    "has no password at the place %o",
    (place) => {
      const basic = capabilityOf().sync?.["secret-basic"];
      expect(() => basic?.call(utf8(`${place}\nada`))).toThrow("There is no such secret.");
    },
  );

  it.each([
    [{ call: "verify", places: [] }, "There is no secret to verify with."],
    [{ call: "verify", places: "0" }, "There is no secret to verify with."],
    [{ call: "verify", places: Array(11).fill(0) }, "At most 10 secrets"],
    [{ call: "verify", places: [0], url: "", headers: [["a b", "c"]] }, "These are no headers."],
    [{ call: "verify", places: [0], url: "", headers: [["a"]] }, "These are no headers."],
    [{ call: "verify", places: [0], url: "", headers: {} }, "These are no headers."],
    [{ call: "verify", places: [0], url: "", headers: [], input: 1 }, "There is no such body."],
    [{ call: "verify", places: [0], url: "", headers: [], input: "0" }, "There is no such body."],
    [{ call: "verify", places: [0], url: 1, headers: [] }, "A URL is a string."],
    [{ call: "reveal", place: 0 }, "This is no call of a secret."],
    [{ call: "constructor", place: 0 }, "This is no call of a secret."],
    [{ call: "hmac", place: 0, hash: "__proto__" }, "The hash is one of"],
  ])("refuses a forged call: %o", async (head, message) => {
    expect((await refusal(head)).startsWith(`TypeError: ${message}`)).toBe(true);
  });

  it("refuses anything else as an error of the script's, whatever bytes come, and shows no secret", async () => {
    const fields = constantFrom(
      "call",
      "place",
      "places",
      "hash",
      "key",
      "keyPrefix",
      "encoding",
      "algorithm",
      "header",
      "settings",
      "url",
      "headers",
      "input",
      "__proto__",
    );
    const values = oneof(
      anything(),
      string(),
      constantFrom(
        "equals",
        "hmac",
        "sign",
        "jwt",
        "verify",
        0,
        1,
        [0],
        "SHA-256",
        "text",
        "hex",
        "HS256",
        "",
        {},
        [],
      ),
    );
    const hostile = oneof(
      uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
      dictionary(fields, values).map((head) => {
        try {
          return frameOf(head, [utf8("data")]);
        } catch {
          return utf8("{");
        }
      }),
    );
    await assert(
      asyncProperty(hostile, async (argument) => {
        const ended = await perform(argument).catch((error: unknown) => error);
        if (ended instanceof Error) expect(ended).toBeInstanceOf(OpError);
        expect(JSON.stringify(ended) + String(ended)).not.toContain("secret secret");
        expect(String(ended)).not.toContain("the first");
      }),
      { numRuns: 1_000 },
    );
  });

  it("costs by what it does", async () => {
    const price = async (head: object, data = "") => (await perform(frameOf(head, [utf8(data)]))).price;
    const hmac = { call: "hmac", place: 0, hash: "SHA-256", key: "text", encoding: "hex", keyPrefix: "" };
    expect((await price(hmac, "x".repeat(10_000))) - (await price(hmac))).toBeGreaterThan(30_000);
    const verify = (input: number) => ({
      call: "verify",
      places: [0, 1],
      settings: { scheme: "github" },
      url: "https://a.example/",
      headers: [],
      input,
    });
    const one = secrets(grants.granted.powers, [utf8(""), new Uint8Array(1_000_000)]);
    const of = async (input: number) => (await perform(frameOf(verify(input), []), one)).price;
    expect((await of(1)) - (await of(0))).toBeGreaterThan(2 * 1_000_000);
  });
});

describe("secrets in the sandbox", async () => {
  const sandbox = sandboxOf(await engineModule());

  it("do not exist in a run that was not granted any", async () => {
    for (const op of ["secret", "secret-basic"]) {
      const code = `(() => { try { host("${op}", "0\\na") } catch (error) { return error.message } })()`;
      expect(await sandbox.value(code, { grants: [] })).toBe("there is no such host call");
    }
  });

  it("tell a script nothing of what went wrong on the host's side", async () => {
    const powers: SecretPowers = {
      ...grants.granted.powers,
      hmac: () => {
        throw new Error("the first secret");
      },
    };
    const head = '{"call":"hmac","place":0,"hash":"SHA-1","key":"text","encoding":"hex","keyPrefix":""}';
    const seen = await sandbox.value(
      `later("secret", frame('${head}')).catch((error) => error.name + ": " + error.message)`,
      { grants: [secrets(powers, [])] },
    );
    expect(seen).toBe("OperationError: the host call failed");
    expect(sandbox.faults).toHaveLength(1);
  });
});
