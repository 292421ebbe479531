import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { secretForms } from "../../../src/secrets/masking/forms.ts";
import { createMask, HIDES_EVERYTHING, type Mask } from "../../../src/secrets/masking/mask.ts";
import { maskOf } from "../../../src/secrets/masking/mask-of.ts";
import { buffersHeld } from "../../support/buffers-held.ts";
import { maskNaively } from "../../support/naive-mask.ts";

const KEY = "sk_live/4eC39+HqLyjWDarjtT1?zdp7dc";
const mask = createMask([{ name: "KEY", value: KEY }]);

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const percentAll = (text: string): string =>
  [...utf8(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const escapeAll = (text: string): string =>
  Array.from(text.split(""), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/** All chunks of a stream that is given these. */
const streamed = async (through: Mask, chunks: readonly Uint8Array[]): Promise<readonly Uint8Array[]> => {
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const parts: Uint8Array[] = [];
  for await (const part of source.pipeThrough(through.stream())) parts.push(part);
  return parts;
};

describe("a mask", () => {
  it.each([
    ["as it is", KEY],
    ["in hexadecimal", Buffer.from(KEY).toString("hex")],
    ["in hexadecimal of capitals", Buffer.from(KEY).toString("hex").toUpperCase()],
    ["percent-encoded where it must be", encodeURIComponent(KEY)],
    ["percent-encoded where it need not be", percentAll(KEY)],
    ["with one letter percent-encoded", KEY.replace("l", "%6C")],
    ["in a form", new URLSearchParams({ a: KEY }).toString().slice(2)],
    ["with escaped slashes", KEY.replaceAll("/", "\\/")],
    ["escaped wholly", escapeAll(KEY)],
    ["escaped in part, in capitals", KEY.replace("+", "\\u002B").replace("j", "\\u006A")],
  ])("takes a secret out %s", (_, form) => {
    expect(mask.text(`a=${form}&b`)).toBe("a=[secret KEY]&b");
    expect(mask.text(form)).toBe("[secret KEY]");
  });

  it.each(["", "u", "us", "user:", "äö", "\u0000\u0000"])(
    "takes it out of base64, behind %j and before anything",
    (before) => {
      for (const after of ["", "x", "xy", "xyz"]) {
        const encoded = base64(before + KEY + after);
        for (const form of [
          encoded,
          encoded.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
          encodeURIComponent(encoded),
        ]) {
          const left = mask.text(form).replace("[secret KEY]", "");
          expect(mask.text(form)).toContain("[secret KEY]");
          // What is left was decided by its neighbours as well: at most a character on each side, and what they are themselves.
          expect(left.replaceAll(/%3D|=/g, "").length).toBeLessThanOrEqual(
            base64(before).length + base64(after).length + 2,
          );
        }
      }
    },
  );

  it("leaves everything else as it is, and says so by giving the same back", () => {
    const text = '{"a":"b\\n%41\\u0041 sk_live/4eC39+HqLyjWDarjtT1?zdp7d","c":1}';
    const bytes = utf8(text);
    expect(mask.text(text)).toBe(text);
    expect(mask.bytes(bytes)).toBe(bytes);
  });

  it("does not look for secrets of less than eight bytes, in UTF-8", () => {
    const short = createMask([
      { name: "A", value: "1234567" },
      { name: "B", value: "äöü" },
    ]);
    expect(short.hides).toBe("nothing");
    expect(short.text("1234567 äöü")).toBe("1234567 äöü");
    expect(createMask([{ name: "C", value: "äöüß" }]).text("äöüß")).toBe("[secret C]");
  });

  it("names the longest of what overlaps or touches, and of two as long the first by name", () => {
    const many = createMask([
      { name: "LONG", value: "abcdefghijkl" },
      { name: "PART", value: "efghijkl" },
      { name: "NEXT", value: "ijklmnop" },
      { name: "TWIN", value: "abcdefghijkl" },
    ]);
    expect(many.text("abcdefghijkl")).toBe("[secret LONG]");
    expect(many.text("efghijkl")).toBe("[secret PART]");
    expect(many.text("abcdefghijklmnop")).toBe("[secret LONG]");
    expect(many.text("efghijklmnop")).toBe("[secret NEXT]");
    expect(many.text("efghijklefghijkl")).toBe("[secret PART]");
    expect(many.text("efghijkl efghijkl")).toBe("[secret PART] [secret PART]");
  });

  it("takes a key of many lines out with other line ends, indented, in one line of JSON, and in base64", () => {
    const lines = [
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
      "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
      "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3S",
      "C2dVMvDu",
    ];
    const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
    const masked = createMask([{ name: "PEM", value: pem }]);
    expect(masked.text(pem)).toBe("[secret PEM]\n");
    expect(masked.text(JSON.stringify({ pem }))).toBe('{"pem":"[secret PEM]\\n"}');
    expect(masked.text(base64(pem))).toMatch(/^\[secret PEM\].{0,4}$/);
    for (const other of [
      pem.replaceAll("\n", "\r\n"),
      pem.replaceAll("\n", "\n  "),
      JSON.stringify(pem.replaceAll("\n", "\r\n")),
    ]) {
      for (const line of lines.slice(0, 3)) expect(masked.text(other)).not.toContain(line);
      expect(masked.text(other)).toContain("BEGIN PRIVATE KEY");
    }
  });

  it("takes a secret out that others sent without its last line end", () => {
    expect(createMask([{ name: "A", value: " abcdefgh\n" }]).text("<abcdefgh>")).toBe("<[secret A]>");
  });

  it("knows a space as a plus, where plus signs are percent-encoded", () => {
    const spaced = createMask([{ name: "S", value: "open sesame + now" }]);
    for (const form of [
      "open+sesame+%2B+now",
      "open%20sesame+%2b%20now",
      "open sesame + now",
      "open%20sesame%20+%20now",
    ]) {
      expect(spaced.text(`q=${form}!`)).toBe("q=[secret S]!");
    }
  });

  it("knows surrogate pairs, and halves of them", () => {
    const astral = createMask([{ name: "E", value: "key-😀-\ud83d-end" }]);
    for (const form of [
      "key-😀-\ufffd-end",
      "key-\\ud83d\\ude00-\\uD83D-end",
      "key-\\uD83D\\uDE00-\\ud83d-en\\u0064",
    ]) {
      expect(astral.text(`"${form}"`)).toBe('"[secret E]"');
    }
  });

  it("takes escapes for what they are only where they are whole", () => {
    const odd = createMask([{ name: "O", value: "%4%41\\u00\\n" }]);
    expect(odd.text("[%4%41\\u00\\n]")).toBe("[[secret O]]");
    expect(odd.text("%254%2541%5cu00%5Cn")).toBe("[secret O]");
    expect(odd.text("%4%41\\\\u00\\\\n")).toBe("[secret O]");
    expect(odd.text("%4A\\u00\\n")).toBe("%4A\\u00\\n");
  });

  it("masks only the first bytes, whole where a secret is cut there, and leaves the rest out", () => {
    const bytes = utf8(`0123${KEY}89 ${KEY}`);
    expect(fromUtf8(mask.bytes(bytes, 6))).toBe("0123[secret KEY]");
    expect(fromUtf8(mask.bytes(bytes, 5))).toBe("0123[secret KEY]");
    expect(mask.bytes(bytes, 4)).toBe(bytes);
    expect(fromUtf8(mask.bytes(bytes, 4 + KEY.length + 1))).toBe("0123[secret KEY]8");
    expect(mask.bytes(utf8(`s${percentAll(KEY).slice(1)}`), 1)).toEqual(utf8(`s${percentAll(KEY).slice(1)}`));
    expect(fromUtf8(mask.bytes(utf8(escapeAll(KEY)), 1))).toBe("[secret KEY]");
  });

  it("leaves out what at the end of a cut text may begin a secret, escaped ones too", () => {
    for (const form of [KEY, percentAll(KEY), escapeAll(KEY), encodeURIComponent(KEY)])
      for (let length = 1; length < form.length; length += 1)
        expect(mask.beginning(`a=${form.slice(0, length)}`)).toBe("a=");
    expect(mask.beginning(`a=${KEY} and sk_li`)).toBe("a=[secret KEY] and ");
    expect(mask.beginning("nothing of it")).toBe("nothing of it");
  });

  it("is made once for one array of secrets", () => {
    const secrets = [{ name: "KEY", value: KEY }];
    expect(maskOf(secrets)).toBe(maskOf(secrets));
    expect(maskOf([...secrets])).not.toBe(maskOf(secrets));
  });

  it("of many grants takes the memory of a few, whatever is still held of them", () => {
    // By 20 responders with 64 KiB of secrets each, one account could fill an isolate of 128 MB.
    const valueOf = (grant: number, of: number): string =>
      Buffer.from(Array.from({ length: 7_680 }, (_, at) => (at * at * (grant + 1) + of * 7 + at) % 251))
        .toString("base64")
        .slice(0, 10_240);
    const before = buffersHeld();
    const grants = Array.from({ length: 8 }, (_, grant) => {
      const secrets = Array.from({ length: 6 }, (_none, of) => ({
        name: `S${of}`,
        value: valueOf(grant, of),
      }));
      return { secrets, mask: maskOf(secrets) };
    });
    for (let round = 0; round < 2; round += 1) {
      for (const { secrets, mask: each } of grants) {
        expect(each.text(`<${secrets[3]?.value}>`)).toBe("<[secret S3]>");
      }
    }
    expect(buffersHeld() - before).toBeLessThan(24 * 1_024 * 1_024);
    expect(grants).toHaveLength(8);
  });

  it("of no secrets passes everything on", async () => {
    const none = createMask([]);
    const bytes = utf8("text");
    expect([none.hides, none.text("text"), none.bytes(bytes)]).toEqual(["nothing", "text", bytes]);
    expect(concat(await streamed(none, [bytes, bytes]))).toEqual(utf8("texttext"));
  });

  it("of secrets that could not be opened passes nothing on", async () => {
    expect(HIDES_EVERYTHING.text("anything")).toBe("[withheld]");
    expect(HIDES_EVERYTHING.beginning("anything")).toBe("[withheld]");
    expect(HIDES_EVERYTHING.bytes(utf8("anything"))).toHaveLength(0);
    expect(await streamed(HIDES_EVERYTHING, [utf8("anything")])).toEqual([]);
  });
});

describe("a masked stream", () => {
  it("holds back only what may be the beginning of a secret", async () => {
    const chunks = [
      "hello sk_",
      "live/ is",
      " not it, ",
      KEY.slice(0, 20),
      KEY.slice(20),
      " ",
      "%7",
      "3",
      "%6",
    ].map(utf8);
    const parts = await streamed(mask, chunks);
    expect(parts.map(fromUtf8).filter((part) => part !== "")).toEqual([
      "hello ",
      "sk_",
      "live/ i",
      "s",
      " not it, ",
      "[secret KEY]",
      " ",
      "%7",
      "3",
      "%6",
    ]);
  });

  it("holds nothing of a secret that is repeated without end", async () => {
    const parts = await streamed(
      mask,
      Array.from({ length: 1_000 }, () => utf8(KEY)),
    );
    expect(parts.map(fromUtf8)).toEqual(["[secret KEY]"]);
  });
});

/** Texts that are much alike, with everything in them that means something to one of the views. */
const unit = fc.constantFrom(
  "a",
  "b",
  "a",
  "b",
  "4",
  "1",
  "%",
  "\\",
  "u",
  "0",
  "+",
  " ",
  "é",
  "😀",
  "\n",
  "/",
  "[",
);
const nastySecret = fc
  .array(unit, { minLength: 8, maxLength: 14 })
  .map((units) => units.join(""))
  .filter((value) => value.trim() === value);

/** A text in any mixture of the ways to write it. */
const mixed = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom("plain", "percent", "PERCENT", "json", "plus"), {
      minLength: text.length,
      maxLength: text.length,
    })
    .map((ways) => {
      const way = ways[0] ?? "plain";
      // One escaping a text, in any mixture with none.
      return Array.from(text)
        .map((character, index) => {
          if (ways[index] === "plain") return character;
          if (way === "json") return escapeAll(character);
          if (way === "plus" && character === " ") return "+";
          return way === "PERCENT" ? percentAll(character).toUpperCase() : percentAll(character);
        })
        .join("");
    });

const encodings = (secret: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(secret),
    mixed(secret),
    fc.tuple(fc.string(), fc.string()).map(([before, after]) => base64(before + secret + after)),
    fc.constant(Buffer.from(secret).toString("hex")),
    fc.nat(secret.length - 1).map((end) => secret.slice(0, end)),
  );

const scenario = fc.array(nastySecret, { minLength: 1, maxLength: 3 }).chain((values) =>
  fc.record({
    secrets: fc.constant(values.map((value, index) => ({ name: `S${index}`, value }))),
    text: fc
      .array(
        fc.oneof(
          fc.array(unit).map((units) => units.join("")),
          ...values.map(encodings),
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join("").toWellFormed()),
    cuts: fc.array(fc.nat(7), { minLength: 1 }),
  }),
);

const cut = (bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = cuts[turn % cuts.length] ?? 0;
    chunks.push(bytes.slice(at, at + length + (turn % cuts.length === 0 ? 1 : 0)));
    at += length + (turn % cuts.length === 0 ? 1 : 0);
  }
  return chunks;
};

describe("any mask, of any input", () => {
  it("does what the rules say, however the input is cut", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ secrets, text, cuts }) => {
        const any = createMask(secrets);
        const forms = secrets.flatMap(({ name, value }) =>
          secretForms(value).map((bytes) => ({ name, bytes })),
        );
        const hasSpace = secrets.some(({ value }) => value.includes(" "));
        const expected = maskNaively(forms, utf8(text), hasSpace);
        expect(any.text(text)).toBe(expected);
        expect(fromUtf8(concat(await streamed(any, cut(utf8(text), cuts))))).toBe(expected);
      }),
      { numRuns: 1_500 },
    );
  });

  it("changes nothing when it is done again, unless a mark is part of a secret, or a secret ends within an escape", () => {
    fc.assert(
      fc.property(scenario, ({ secrets, text }) => {
        fc.pre(secrets.every(({ value }) => !/[[%\\]/.test(value)));
        const any = createMask(secrets);
        expect(any.text(any.text(text))).toBe(any.text(text));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves no eight bytes of a secret in base64, percent-encoding or JSON", () => {
    const secret = fc
      .string({ unit: "grapheme", minLength: 12, maxLength: 40 })
      .filter((value) => value.trim() === value);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const any = createMask([{ name: "N", value }]);
        const whole = before + value + after;
        const read = [
          Buffer.from(any.text(base64(whole)).replaceAll("[secret N]", "\n"), "base64"),
          utf8(decodeURIComponent(any.text(encodeURIComponent(whole.toWellFormed())))),
          utf8(String(JSON.parse(any.text(JSON.stringify(whole))))),
        ];
        const bytes = utf8(value);
        for (const seen of read) {
          for (let at = 0; at + 8 <= bytes.length; at += 1) {
            const run = bytes.subarray(at, at + 8);
            if (Buffer.from(utf8(before)).includes(run) || Buffer.from(utf8(after)).includes(run)) continue;
            expect(Buffer.from(seen).includes(run)).toBe(false);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
