import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { type ComparedAnswer, differences, isPointer } from "../../../src/journal/difference.ts";
import { utf8 } from "../../../src/lib/bytes.ts";

const JSON_TYPE = [["content-type", "application/json"]] as const;

const answer = (body: unknown, more: Partial<ComparedAnswer> = {}): ComparedAnswer => ({
  status: 200,
  headers: JSON_TYPE,
  body: typeof body === "string" ? utf8(body) : utf8(JSON.stringify(body)),
  ...more,
});

const between = (before: ComparedAnswer, after: ComparedAnswer, ignore: readonly string[] = []) =>
  differences(before, after, ignore, 100).items;

describe("the difference of two answers", () => {
  it("is none between an answer and itself", () => {
    expect(differences(answer({ a: 1 }), answer({ a: 1 }), [], 100)).toEqual({ items: [], more: 0 });
  });

  it("names status and headers, whatever their order and case", () => {
    const before = answer("x", {
      headers: [
        ["a", "1"],
        ["b", "2"],
        ["gone", "3"],
      ],
    });
    const after = answer("x", {
      status: 404,
      headers: [
        ["B", "2"],
        ["A", "x"],
        ["x-~new", "4"],
      ],
    });
    expect(between(before, after)).toEqual([
      { path: "/status", before: 200, after: 404 },
      { path: "/headers/a", before: "1", after: "x" },
      { path: "/headers/gone", before: "3" },
      { path: "/headers/x-~0new", after: "4" },
    ]);
  });

  it("keeps the lines of set-cookie apart, and joins other repeats", () => {
    const before = answer("x", {
      headers: [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=1"],
        ["vary", "a, b"],
      ],
    });
    const after = answer("x", {
      headers: [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["set-cookie", "c=3"],
        ["vary", "a"],
        ["vary", "b"],
      ],
    });
    expect(between(before, after)).toEqual([
      { path: "/headers/set-cookie/1", before: "b=1", after: "b=2" },
      { path: "/headers/set-cookie/2", after: "c=3" },
    ]);
  });

  it("compares JSON member by member, not as text", () => {
    const before = answer('{"a":1,"b":{"c/d":[1,2,3],"e~f":null},"g":"x"}');
    const after = answer('{ "b": { "e~f": 0, "c/d": [1, 5] }, "a": 1.0, "h": false }');
    expect(between(before, after)).toEqual([
      { path: "/body/b/c~1d/1", before: 2, after: 5 },
      { path: "/body/b/c~1d/2", before: 3 },
      { path: "/body/b/e~0f", before: null, after: 0 },
      { path: "/body/g", before: "x" },
      { path: "/body/h", after: false },
    ]);
  });

  it("tells an array from an object, and null from nothing", () => {
    expect(between(answer({ a: [] }), answer({ a: {} }))).toEqual([
      { path: "/body/a", before: [], after: {} },
    ]);
    expect(between(answer({ a: null }), answer({}))).toEqual([{ path: "/body/a", before: null }]);
    expect(between(answer([]), answer({}))).toEqual([{ path: "/body", before: [], after: {} }]);
  });

  it("takes a name that every object has for the member that it is", () => {
    const before = answer('{"__proto__":{"x":1},"constructor":1}');
    const after = answer('{"toString":2}');
    expect(between(before, after)).toEqual([
      { path: "/body/__proto__", before: { x: 1 } },
      { path: "/body/constructor", before: 1 },
      { path: "/body/toString", after: 2 },
    ]);
  });

  it("compares what is not JSON as a whole", () => {
    const text = [["content-type", "text/plain"]] as const;
    expect(between(answer("one", { headers: text }), answer("two", { headers: text }))).toEqual([
      { path: "/body", before: { text: "one" }, after: { text: "two" } },
    ]);
    const image = { headers: [["content-type", "image/png"]] as const };
    expect(
      between(answer("", { ...image, body: new Uint8Array([1, 255]) }), answer("", { ...image, body: null })),
    ).toEqual([{ path: "/body", before: { base64: "Af8=" }, after: null }]);
    expect(between(answer("", { body: null }), answer("", { body: new Uint8Array(0) }))).toEqual([]);
  });

  it("does not lose its stack on JSON that is nested without end", () => {
    const deep = (end: string): ComparedAnswer => answer("[".repeat(200_000) + end + "]".repeat(200_000));
    const [only] = between(deep("1"), deep("2"));
    expect(only).toMatchObject({ path: "/body", before: { cut: true }, after: { cut: true } });
    expect(between(deep("1"), deep("1"))).toEqual([]);
  });

  it("is not fooled by brackets in strings", () => {
    const text = `{"a":"${"[".repeat(1_000)}\\"[","b":1}`;
    expect(between(answer(text), answer(text.replace('"b":1', '"b":2')))).toEqual([
      { path: "/body/b", before: 1, after: 2 },
    ]);
  });

  it("leaves out what is to be ignored, and what lies below it", () => {
    const before = answer({ at: 1, list: [{ id: 1, n: 1 }], atlas: 1 }, { headers: [["date", "x"]] });
    const after = answer({ at: 2, list: [{ id: 2, n: 2 }], atlas: 2 }, { headers: [["date", "y"]] });
    const ignore = ["/headers/date", "/body/at", "/body/list/0/id"];
    expect(between(before, after, ignore).map(({ path }) => path)).toEqual(["/body/list/0/n", "/body/atlas"]);
    expect(between(before, after, ["/headers", "/body"])).toEqual([]);
    expect(between(before, after, [""])).toEqual([]);
  });

  it("shows a long value by its beginning, and only so many", () => {
    const before = answer({ long: "a".repeat(20_000), list: [1, 2, 3] });
    const after = answer({ long: "b", list: [4, 5, 6] });
    const { items, more } = differences(before, after, [], 2);
    expect(items).toEqual([
      { path: "/body/long", before: { cut: true, beginning: `"${"a".repeat(16_383)}` }, after: "b" },
      { path: "/body/list/0", before: 1, after: 4 },
    ]);
    expect(more).toBe(2);
  });

  it("names each member that was changed in any JSON, and no other", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { minLength: 1 }), fc.nat(), (values, at) => {
        const place = at % values.length;
        const changed = values.with(place, "changed just now");
        expect(between(answer(values), answer(structuredClone(values)))).toEqual([]);
        expect(between(answer(values), answer(changed)).map(({ path }) => path)).toEqual([`/body/${place}`]);
      }),
    );
  });
});

describe("a JSON Pointer", () => {
  it.each(["", "/", "/a", "/a/b", "/a~0b~1c", "//", "/body/0"])("is %j", (text) => {
    expect(isPointer(text)).toBe(true);
  });
  it.each(["a", "a/b", "/a~", "/a~2", "#/a"])("is not %j", (text) => {
    expect(isPointer(text)).toBe(false);
  });
});
