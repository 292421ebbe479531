import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));
const PIECE = 128 * 1024;

const bodyOf = async (code: string): Promise<string> => {
  const { answer, outcome } = await run("module", `export default () => (${code})`).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
    throw new Error(JSON.stringify(outcome));
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(answer.body);
};

describe("a text as an answer", () => {
  it.each([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])(
    "is whole with %i characters",
    async (length) => {
      expect(await bodyOf(`{ body: "x".repeat(${length}) }`)).toBe("x".repeat(length));
    },
  );

  it.each([0, 1, 2])("has no pair of surrogates cut, %i before the end of a piece", async (before) => {
    const text = `${"x".repeat(PIECE - before)}${"\u{1f600}".repeat(3)}`;
    expect(await bodyOf(`{ body: "x".repeat(${PIECE - before}) + "\\u{1f600}".repeat(3) }`)).toBe(text);
  });

  it("begins with a line feed, or holds NUL and half a pair, as it is", async () => {
    expect(await bodyOf(`{ body: "\\n{}\\n\\0\\ud800z" }`)).toBe("\n{}\n\0\ufffdz");
  });

  it("may have a head of any legal header", async () => {
    const value = String.raw`a"b\c é ÿ`;
    const { answer } = await run(
      "module",
      `export default () => new Response("x", { status: 299, headers: [["x-q", ${JSON.stringify(value)}], ["x-q", "2"]] })`,
    ).answer;
    expect(answer).toMatchObject({
      kind: "response",
      status: 299,
      headers: [
        ["x-q", value],
        ["x-q", "2"],
        ["content-type", "text/plain;charset=UTF-8"],
      ],
    });
  });
});
