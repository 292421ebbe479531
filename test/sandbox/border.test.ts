import { array, assert, asyncProperty, integer, jsonValue, oneof, string, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Capability, Outcome } from "../../src/runtime/index.ts";
import { valueOf } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const MIB = 1024 * 1024;
/** Each run makes an instance: few, but with many values each. */
const RUNS = { numRuns: 25 };
const anyString = string({ unit: "binary", maxLength: 40 });
/** Every code unit, paired or not. */
const anyUnits = array(integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) =>
  String.fromCharCode(...units),
);

const bodyOf = (outcome: Outcome): unknown => (outcome.kind === "returned" ? outcome.answer.body : outcome);
/** An op that gives each of the values in turn, and one that keeps what it was given. */
const shuttle = (give: readonly (Uint8Array | string | null)[]) => {
  const given: Uint8Array[] = [];
  let next = 0;
  const capability: Capability = {
    name: "shuttle",
    sync: {
      give: { price: () => 0, call: () => give[next++] ?? null },
      take: {
        price: () => 0,
        call: (argument) => {
          given.push(argument);
          return null;
        },
      },
    },
  };
  return { capability, given };
};

describe("the border", () => {
  it("carries any JSON in and out unchanged", async () => {
    await assert(
      asyncProperty(jsonValue({ maxDepth: 6 }), async (input) => {
        const outcome = await sandbox.run("export default (input) => input", { input: [input] });
        expect(valueOf(outcome)).toEqual([JSON.parse(JSON.stringify(input))]);
      }),
      RUNS,
    );
  });

  it("carries any text in unchanged, NUL and lone surrogates included", async () => {
    await assert(
      asyncProperty(array(oneof(anyString, anyUnits), { maxLength: 30 }), async (texts) => {
        const { capability } = shuttle(texts);
        const code = `Array.from({ length: ${texts.length} }, () => { const s = host('give'); return Array.from({ length: s.length }, (_, i) => s.charCodeAt(i)) })`;
        const seen = await sandbox.value(code, { grants: [capability] });
        expect(seen).toEqual(
          texts.map((text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))),
        );
      }),
      RUNS,
    );
  });

  it("carries any text out as UTF-8, lone surrogates as U+FFFD", async () => {
    await assert(
      asyncProperty(array(oneof(anyString, anyUnits), { maxLength: 30 }), async (texts) => {
        const { capability, given } = shuttle([]);
        await sandbox.run("export default (texts) => { for (const text of texts) host('take', text) }", {
          input: texts,
          grants: [capability],
        });
        expect(
          given.map((bytes) => new TextDecoder("utf-8", { ignoreBOM: true, fatal: false }).decode(bytes)),
        ).toEqual(texts.map((text) => text.toWellFormed()));
      }),
      RUNS,
    );
  });

  it("carries any bytes in and out unchanged", async () => {
    await assert(
      asyncProperty(uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const body = Uint8Array.from(bytes);
        const outcome = await sandbox.run("export default () => host('body', new Uint32Array([0]).buffer)", {
          bodies: [body],
        });
        expect(bodyOf(outcome)).toEqual(body);
      }),
      RUNS,
    );
  });

  it("carries text that was cut in the middle of what C would take for its end", async () => {
    const texts = [
      "a\0b",
      "\0",
      "",
      "\ud800",
      "\udc00\ud800",
      "\ud800\0a",
      "\ufffd",
      "\ufeffx",
      "é\0",
      "😀",
      "x".repeat(70_000) + "\0",
    ];
    const { capability, given } = shuttle([]);
    await sandbox.run("export default (texts) => { for (const text of texts) host('take', text) }", {
      input: texts,
      grants: [capability],
    });
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: false });
    expect(given.map((bytes) => decoder.decode(bytes))).toEqual(texts.map((text) => text.toWellFormed()));
  });

  it("carries 10 MiB in and out of the larger class", async () => {
    const body = new Uint8Array(10 * MIB);
    for (let at = 0; at < body.length; at += 997) body[at] = at;
    const outcome = await sandbox.run("export default () => host('body', new Uint32Array([0]).buffer)", {
      bodies: [body],
      limits: { heapMb: 32, cpuMs: 5_000 },
    });
    const answered = bodyOf(outcome);
    expect(answered instanceof Uint8Array && answered.length).toBe(10 * MIB);
    expect(answered).toEqual(body);
  });

  it("carries 4 MiB in and out of the smaller class, by whole bodies", async () => {
    const body = new Uint8Array(4 * MIB).fill(3);
    const outcome = await sandbox.run("export default () => host('body', new Uint32Array([0]).buffer)", {
      bodies: [body],
    });
    // The test prelude frames what it answers: two copies of it lie in the heap.
    expect(bodyOf(outcome)).toEqual(body);
  });

  it("copies: what a script changes later is not what the host got", async () => {
    const { capability, given } = shuttle([]);
    await sandbox.run(
      "export default () => { const b = new Uint8Array([1, 2]); host('take', b.buffer); b.fill(9); host('take', b.buffer) }",
      {
        grants: [capability],
      },
    );
    expect(given).toEqual([Uint8Array.from([1, 2]), Uint8Array.from([9, 9])]);
  });

  it("takes results of async ops as text, bytes or nothing", async () => {
    const grants: Capability[] = [
      {
        name: "late",
        async: {
          text: { price: () => 0, call: async () => "te\0xt" },
          bytes: { price: () => 0, call: async () => Uint8Array.from([1, 2]) },
          nothing: { price: () => 0, call: async () => null },
        },
      },
    ];
    const code =
      "export default async () => [await later('text'), [...new Uint8Array(await later('bytes'))], typeof await later('nothing')]";
    expect(valueOf(await sandbox.run(code, { grants }))).toEqual(["te\0xt", [1, 2], "undefined"]);
  });
});
