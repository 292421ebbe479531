import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as layout from "../../../build/engine-layout.ts";
import { bareContext, bareEngine, compileEngine } from "../../../scripts/engine/instance.ts";
import { assertLayout } from "../../../scripts/engine/probe.ts";

const root = join(import.meta.dirname, "../../..");
const bytes = readFileSync(join(root, "build/engine.wasm"));
const module = compileEngine(bytes);

/** A context whose interrupt handler stops whatever runs at the `limit`th poll; and what it saw. */
const interrupted = (limit: number, fuel: bigint) => {
  const seen = { polls: 0, fuelPerPoll: 0 };
  let before = 0;
  const engine = bareEngine(module, {
    should_interrupt: () => {
      const left = Number(engine.global("fuel").value);
      seen.polls += 1;
      seen.fuelPerPoll = before - left;
      before = left;
      return seen.polls >= limit ? 1 : 0;
    },
  });
  const context = bareContext(engine, 1_000_000_000n);
  engine.call("enable_interrupts", context.runtime);
  engine.global("fuel").value = fuel;
  return { seen, engine, ...context };
};

describe("the built engine", () => {
  it("is the one whose hash the build names, and imports from the host only", () => {
    const named = /OUTPUT_SHA256 = "([0-9a-f]{64})"/.exec(
      readFileSync(join(root, "scripts/build-engine.ts"), "utf8"),
    );
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(named?.[1]);
    const imports = WebAssembly.Module.imports(module);
    expect(new Set(imports.map((each) => each.module))).toEqual(new Set(["host"]));
  });

  it("keeps to its layout, and another layout is refused", () => {
    expect(() => assertLayout(module, layout)).not.toThrow();
    expect(() => assertLayout(module, { ...layout, BREAK_AT: layout.BREAK_AT + 4 })).toThrow("layout");
    expect(() => assertLayout(module, { ...layout, STATIC_END: layout.STATIC_END - 8_192 })).toThrow();
    expect(() => assertLayout(module, { ...layout, STACK_TOP: layout.STACK_TOP + 16 })).toThrow("C stack");
  });

  it("raises heap_top with the heap, and never lowers it", () => {
    const engine = bareEngine(module);
    const { evaluate } = bareContext(engine, 1_000_000_000n);
    const begun = engine.number("heap_top");
    expect(begun).toBe(engine.word(layout.BREAK_AT));
    evaluate("globalThis.kept = new Uint8Array(3e6); 0");
    const grown = engine.number("heap_top");
    expect(grown).toBeGreaterThan(begun + 2_900_000);
    expect(grown).toBe(engine.word(layout.BREAK_AT));
    evaluate("kept = 0; 0");
    expect(engine.number("heap_top")).toBe(grown);
  });

  it("asks whether to go on a thousand back jumps apart, and stops an empty loop then", () => {
    const { evaluate, seen } = interrupted(1_000, 100_000_000n);
    expect(() => evaluate("for (;;);")).toThrow("a script failed");
    expect(seen.polls).toBe(1_000);
    expect(seen.fuelPerPoll).toBeGreaterThanOrEqual(1_000);
    expect(seen.fuelPerPoll).toBeLessThan(10_000);
  });

  it("asks in regular expressions too", () => {
    const { evaluate, seen } = interrupted(50, 1_000_000_000n);
    expect(() => evaluate("/(a+)+b/.test('a'.repeat(60))")).toThrow("a script failed");
    expect(seen.polls).toBe(50);
  });

  it("is stopped by its fuel where nobody is asked, and stays stopped", () => {
    const { evaluate, engine } = interrupted(Infinity, 20_000_000n);
    expect(() => evaluate("new Array(4294967295).join('a')")).toThrow(WebAssembly.RuntimeError);
    expect(Number(engine.global("fuel").value)).toBeLessThan(0);
    expect(() => evaluate("1")).toThrow(WebAssembly.RuntimeError);
  });
});
