import { describe, expect, it } from "vitest";
import { readProgram, readUnit } from "../../../src/scripts/index.ts";
import { unitOf } from "../../support/link-scripts.ts";

const part = { file: "scripts/a@2", line: 3, moves: "AAA", map: null, renamed: { a$1: "a" } };
const program = { form: "module", handlers: ["default"], code: "x", parts: [part] };

/** The value with each of its fields, at any depth, in turn replaced by something else. */
const spoiled = (value: object): readonly unknown[] =>
  Object.entries(value).flatMap(([key, field]: [string, unknown]): readonly unknown[] => {
    const inside = typeof field === "object" && field !== null ? spoiled(field) : [];
    return [Symbol.iterator, ...inside].map((other) => {
      const copy: object = structuredClone(value);
      Reflect.set(copy, key, other);
      return copy;
    });
  });

describe("a stored program", () => {
  it("is read as it was written", () => {
    expect(readProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
  });

  it("of the time before imports is one part", () => {
    const { parts: _, ...rest } = program;
    for (const map of [null, "AAA"]) {
      expect(readProgram({ ...rest, map })?.parts).toEqual([
        { file: "script", line: 1, moves: null, map, renamed: {} },
      ]);
    }
  });

  it("is not read when anything of it is something else", () => {
    for (const other of [null, 1, "x", [], {}, ...spoiled(program)])
      expect(readProgram(other)).toBeUndefined();
  });
});

describe("a stored unit", () => {
  const unit = unitOf(
    'import { a } from "scripts/a"; export { b } from "scripts/b@2"; export * from "scripts/c"; class C {}\nexport { C, a as d }; export default (r, ctx) => ctx.secrets.A === { C }',
  );

  it("is not read when anything of it is something else", () => {
    expect(readUnit(unit)).toEqual(unit);
    // Of a flag that is no flag only `secretsOpen` is told to be false.
    const { secretsOpen: _, ...facts } = unit.facts;
    for (const other of [null, 1, "x", [], {}, ...spoiled({ ...unit, facts })])
      expect(readUnit(other)).toBeUndefined();
  });
});
