import { describe, expect, it } from "vitest";
import { type Evidence, judgeFailure, judgeStop } from "../../../src/runtime/judge.ts";
import { EngineFault, StopRun } from "../../../src/runtime/stop-run.ts";
import { engineModule } from "../../support/node-engine.ts";
import { sandboxOf, TEST_LIMITS } from "../../support/sandbox.ts";

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  limits: TEST_LIMITS,
  fuel: 1,
  interrupted: false,
  refused: undefined,
  largestBodyRead: 0,
  ...more,
});
const overflow = new RangeError("Maximum call stack size exceeded");
const told = {
  kind: "threw",
  error: { name: "LimitExceeded", message: "cpu", stack: "", line: null, column: null },
} as const;

describe("what ended a run", () => {
  it("is its CPU when the fuel is below zero, whatever was thrown", () => {
    for (const thrown of [new WebAssembly.RuntimeError("unreachable"), overflow, new EngineFault("x")]) {
      expect(judgeStop(thrown, evidence({ fuel: -1 }))).toMatchObject({ kind: "exceeded", limit: "cpu" });
    }
  });

  it("is the stack when the host's overflowed", () => {
    expect(judgeStop(overflow, evidence())).toMatchObject({ kind: "exceeded", limit: "stack" });
  });

  it("is memory when the engine trapped or gave up", () => {
    for (const thrown of [
      new WebAssembly.RuntimeError("memory access out of bounds"),
      new EngineFault("abort"),
    ]) {
      expect(judgeStop(thrown, evidence())).toMatchObject({ kind: "exceeded", limit: "memory" });
    }
  });

  it("is the run's own word when there is one", () => {
    expect(judgeStop(new StopRun(told), evidence({ fuel: -1 }))).toEqual(told);
    expect(judgeStop(new StopRun(), evidence())).toBeUndefined();
  });

  it("is a fault of the host when nothing explains it", () => {
    expect(() => judgeStop(new TypeError("bug"), evidence())).toThrow("bug");
  });

  it("is never what the guest says once its memory could not grow", () => {
    expect(judgeFailure(told, evidence())).toEqual(told);
    expect(judgeFailure(told, evidence({ refused: "ceiling", largestBodyRead: 99 }))).toMatchObject({
      kind: "exceeded",
      limit: "memory",
      error: { message: "the script ran out of its 10 MB of heap, having read a body of 99 bytes" },
    });
    const returned = { kind: "returned", answer: { head: {}, body: null } } as const;
    expect(judgeFailure(returned, evidence({ refused: "ceiling" }))).toEqual(returned);
  });
});

describe("a run that the isolate had no room for", () => {
  it("is told that the sandbox is full, as it was not its own doing", () => {
    const full = { kind: "unavailable", reason: "full", retryAfterSeconds: 1 };
    expect(judgeFailure(told, evidence({ refused: "no-room" }))).toEqual(full);
    expect(judgeStop(new EngineFault("abort"), evidence({ refused: "no-room" }))).toEqual(full);
  });
});

describe("a run that was interrupted at its fuel's end", () => {
  it("has exceeded its CPU, whatever it says, where the engine says it was", () => {
    const at = { ...told.error, stack: "at f (script:2:3)", line: 2, column: 3 };
    expect(judgeFailure({ kind: "threw", error: at }, evidence({ interrupted: true }))).toMatchObject({
      kind: "exceeded",
      limit: "cpu",
      error: { name: "LimitExceeded", stack: "at f (script:2:3)", line: 2, column: 3 },
    });
    expect(judgeStop(overflow, evidence({ interrupted: true }))).toMatchObject({ limit: "cpu" });
  });
});

describe("a script that overflows the engine's own stack", () => {
  const engines = {
    name: "RangeError",
    message: overflow.message,
    stack: "at f (script:2:3)",
    line: 2,
    column: 3,
  };

  it("exceeds the stack, and keeps its place in the user's lines", () => {
    expect(judgeFailure({ kind: "threw", error: engines }, evidence())).toMatchObject({
      kind: "exceeded",
      limit: "stack",
      error: { name: "LimitExceeded", stack: "at f (script:2:3)", line: 2, column: 3 },
    });
  });

  it("is told from a RangeError of another kind", () => {
    const other = { kind: "threw", error: { ...engines, message: "Invalid array length" } } as const;
    expect(judgeFailure(other, evidence())).toEqual(other);
  });
});

describe("in Node, where the host's stack is the smaller one", () => {
  it("says 'stack' for JSON that nests too deeply, and the next run is fine", async () => {
    const sandbox = sandboxOf(await engineModule());
    const outcome = await sandbox.run("export default () => JSON.parse('['.repeat(1e6))");
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "stack", limitValue: 131_072 });
    expect(await sandbox.value("1 + 1")).toBe(2);
  });
});
