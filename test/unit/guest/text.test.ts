import { assert, asyncProperty, string, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const js = scriptEvaluator(scriptRunner(createRuntime({ module: await engineModule(), now: Date.now })));
const THROWN = `const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name } };`;

describe("TextEncoder", () => {
  it("encodes UTF-8, with NUL and with lone surrogates replaced", async () => {
    expect(
      await js(
        `const e = new TextEncoder(); return [[...e.encode("aé€😀\\0\\ud800")], e.encode().length, e.encode(5).length, e.encoding]`,
      ),
    ).toEqual([
      [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0, 0xef, 0xbf, 0xbd],
      0,
      1,
      "utf-8",
    ]);
  });

  it("encodes whole characters into a given array", async () => {
    expect(
      await js(
        `const b = new Uint8Array(5); const r = new TextEncoder().encodeInto("aé😀", b); return [r, [...b]]`,
      ),
    ).toEqual([{ read: 2, written: 3 }, [0x61, 0xc3, 0xa9, 0, 0]]);
  });
});

describe("TextDecoder", () => {
  it("drops a BOM or keeps it, and replaces or refuses what is invalid", async () => {
    expect(
      await js(`${THROWN}
        const b = new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0]);
        return [new TextDecoder().decode(b), new TextDecoder("utf-8", { ignoreBOM: true }).decode(b),
          thrown(() => new TextDecoder("utf-8", { fatal: true }).decode(b)), new TextDecoder().decode(), new TextDecoder().decode(b.buffer.slice(3, 4)),
          new TextDecoder().decode(new DataView(b.buffer, 3, 1)), thrown(() => new TextDecoder().decode("a"))]`),
    ).toEqual(["a\ufffd\0", "\ufeffa\ufffd\0", "TypeError", "", "a", "a", "TypeError"]);
  });

  it("knows the standard's labels, and refuses others", async () => {
    expect(
      await js(`${THROWN}
        const of = (label) => new TextDecoder(label);
        return [of(" UTF8 ").encoding, of("latin1").encoding, of("sjis").encoding, of("utf-16le").decode(new Uint8Array([0x61, 0, 0x3d, 0xd8, 0, 0xde])),
          of("latin1").decode(new Uint8Array([0xe9, 0x80])), of("shift_jis").decode(new Uint8Array([0x82, 0xa0])), thrown(() => of("nonsense")),
          of("utf-8", { fatal: true }).fatal]`),
    ).toEqual(["utf-8", "windows-1252", "shift_jis", "a😀", "é€", "あ", "RangeError", false]);
  });

  it.each(["utf-8", "utf-16le", "shift_jis", "gb18030", "euc-jp"])(
    "decodes %s in chunks of one byte as it does whole",
    async (label) => {
      const bytes: Record<string, readonly number[]> = {
        "utf-8": [
          0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0xe2, 0x82, 0x61, 0xef, 0xbb, 0xbf,
          0xf0,
        ],
        "utf-16le": [0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde, 0x3d],
        shift_jis: [0x82, 0xa0, 0x61, 0x82],
        gb18030: [0xb0, 0xa1, 0x81, 0x30, 0x81, 0x30, 0x62],
        "euc-jp": [0xa4, 0xa2, 0x8f, 0xb0, 0xa1, 0x63],
      };
      expect(
        await js(`
        const bytes = new Uint8Array(${JSON.stringify(bytes[label])});
        const d = new TextDecoder("${label}"); let text = "";
        for (const byte of bytes) text += d.decode(new Uint8Array([byte]), { stream: true });
        return [text + d.decode(), d.decode(bytes)]`),
      ).toEqual(
        Array.from({ length: 2 }, () => new TextDecoder(label).decode(new Uint8Array(bytes[label] ?? []))),
      );
    },
  );

  it("refuses an unfinished character only at the end of the stream", async () => {
    expect(
      await js(`${THROWN}
        const d = new TextDecoder("utf-8", { fatal: true });
        const first = d.decode(new Uint8Array([0x61, 0xe2, 0x82]), { stream: true });
        return [first, thrown(() => d.decode()), d.decode(new Uint8Array([0x62]))]`),
    ).toEqual(["a", "TypeError", "b"]);
  });

  it("gives back any text, and any bytes, as they were", async () => {
    await assert(
      asyncProperty(
        string({ unit: "binary", maxLength: 200 }),
        uint8Array({ maxLength: 200 }),
        async (text, bytes) => {
          const whole = text.toWellFormed();
          const got = await js(`
          const text = ${JSON.stringify(text)}; const bytes = new Uint8Array([${bytes.join()}]);
          let b = ""; for (const byte of bytes) b += String.fromCharCode(byte);
          return [new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text)), [...new TextEncoder().encode(text)],
            new TextDecoder().decode(bytes), btoa(b), atob(btoa(b)) === b]`);
          expect(got).toEqual([
            whole,
            [...new TextEncoder().encode(text)],
            new TextDecoder().decode(bytes),
            Buffer.from(bytes).toString("base64"),
            true,
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("atob and btoa", () => {
  it("are as forgiving as the standard, and no more", async () => {
    expect(
      await js(`${THROWN}
        return [atob(" YQ = =\\n"), atob("YQ"), atob(""), btoa(""), btoa("\\xff\\0"), btoa(null), thrown(() => atob("Y")), thrown(() => atob("Y*==")),
          thrown(() => atob("YQ=")), thrown(() => atob("é")), thrown(() => btoa("€"))]`),
    ).toEqual([
      "a",
      "a",
      "",
      "",
      "/wA=",
      "bnVsbA==",
      "InvalidCharacterError",
      "InvalidCharacterError",
      "InvalidCharacterError",
      "InvalidCharacterError",
      "InvalidCharacterError",
    ]);
  });

  it("throw a DOMException", async () => {
    expect(
      await js(
        `try { atob("*") } catch (e) { return [e instanceof DOMException, e instanceof Error, e.code, Object.prototype.toString.call(e)] }`,
      ),
    ).toEqual([true, true, 5, "[object DOMException]"]);
  });
});
