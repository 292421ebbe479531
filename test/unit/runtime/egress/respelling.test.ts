import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../../../src/runtime/egress/policy.ts";
import { testRules } from "../../../support/egress.ts";

const RULES = testRules();

/** First address and prefix length of what must never be reached, as numbers: apart from the library that the policy asks. */
const FORBIDDEN_4: readonly (readonly [base: number, prefix: number])[] = [
  [0x00_00_00_00, 8],
  [0x0a_00_00_00, 8],
  [0x64_40_00_00, 10],
  [0x7f_00_00_00, 8],
  [0xa9_fe_00_00, 16],
  [0xac_10_00_00, 12],
  [0xc0_00_00_00, 24],
  [0xc0_00_02_00, 24],
  [0xc0_a8_00_00, 16],
  [0xc6_12_00_00, 15],
  [0xc6_33_64_00, 24],
  [0xcb_00_71_00, 24],
  [0xe0_00_00_00, 4],
  [0xf0_00_00_00, 4],
];
const FORBIDDEN_6: readonly (readonly [base: bigint, prefix: number])[] = [
  [0n, 8],
  [0x64_ff9bn << 96n, 96],
  [0x100n << 112n, 64],
  [0x2001n << 112n, 23],
  [0x2001_0db8n << 96n, 32],
  [0x2002n << 112n, 16],
  [0x3fffn << 112n, 20],
  [0xfc00n << 112n, 7],
  [0xfe80n << 112n, 10],
  [0xfec0n << 112n, 10],
  [0xff00n << 112n, 8],
];

const address4 = fc
  .constantFrom(...FORBIDDEN_4)
  .chain(([base, prefix]) => fc.nat(2 ** (32 - prefix) - 1).map((rest) => base + rest));
const address6 = fc
  .constantFrom(...FORBIDDEN_6)
  .chain(([base, prefix]) => fc.bigInt(0n, (1n << BigInt(128 - prefix)) - 1n).map((rest) => base + rest));

/** A number in one of the three bases of an IPv4 part. */
const part = (value: number) =>
  fc.tuple(fc.constantFrom(8, 10, 16), fc.nat(4), fc.boolean()).map(([base, zeros, upper]) => {
    const digits = value.toString(base);
    if (base === 10) return digits;
    const text = (base === 8 ? "0" : "0x") + "0".repeat(zeros) + digits;
    return upper ? text.toUpperCase() : text;
  });

/** One to four parts, of which the last takes what is left. */
const spelling4 = address4.chain((address) =>
  fc.integer({ min: 1, max: 4 }).chain((count) => {
    const leading = Array.from({ length: count - 1 }, (_, index) => (address >>> (24 - 8 * index)) & 0xff);
    const rest = address % 2 ** (8 * (5 - count));
    return fc.tuple(...[...leading, rest].map(part)).map((parts) => parts.join("."));
  }),
);

/** Eight groups, a run of zeros perhaps left out, the end perhaps as IPv4. */
const spelling6 = fc
  .tuple(address6, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([address, pad, upper, dotted]) => {
    const groups = Array.from({ length: 8 }, (_, index) =>
      Number((address >> BigInt(112 - 16 * index)) & 0xffffn),
    );
    const written = groups.map((group) => group.toString(16).padStart(pad ? 4 : 1, "0"));
    const [high = 0, low = 0] = groups.slice(6);
    const end = dotted ? [`${high >>> 8}.${high & 255}.${low >>> 8}.${low & 255}`] : written.slice(6);
    const whole = [...written.slice(0, 6), ...end].join(":");
    const short = whole.replace(/(^|:)(?:0{1,4}:){2,}/, "::");
    return `[${upper ? short.toUpperCase() : short}]`;
  });

const FULL_WIDTH = 0xfee0;
/** What the URL parser takes for the very same character of a name. */
const disguised = (text: string) =>
  fc
    .array(fc.constantFrom("plain", "wide", "percent"), { minLength: text.length, maxLength: text.length })
    .map((ways) =>
      Array.from(text, (char, index) => {
        if (ways[index] === "wide")
          return char === "." ? "。" : String.fromCodePoint(char.charCodeAt(0) + FULL_WIDTH);
        return ways[index] === "percent" ? `%${char.charCodeAt(0).toString(16)}` : char;
      }).join(""),
    );

const around = fc.record({
  scheme: fc.constantFrom("http://", "https://", "HTTP:", "https:\\\\", " http:///", "ht\ntp://"),
  dot: fc.constantFrom("", ".", "。", "%2e"),
  port: fc.constantFrom("", ":80", ":8080", ":00080", ":"),
  rest: fc.constantFrom("", "/", "/path?query#fragment", "?a@example.com", "\\x", "#x"),
});

const isRefused = (url: string): void => {
  const verdict = judge(url, RULES, { kind: "public" });
  expect([url, verdict.kind]).toEqual([url, "refused"]);
};

describe("a forbidden address", () => {
  it("is refused however IPv4 can be written", () => {
    fc.assert(
      fc.property(spelling4.chain(disguised), around, (host, { scheme, dot, port, rest }) =>
        isRefused(`${scheme}${host}${dot}${port}${rest}`),
      ),
      { numRuns: 3_000 },
    );
  });

  it("is refused however IPv6 can be written", () => {
    fc.assert(
      fc.property(spelling6, around, (host, { scheme, port, rest }) =>
        isRefused(`${scheme}${host}${port}${rest}`),
      ),
      { numRuns: 3_000 },
    );
  });

  it("is refused when it stands in an IPv6 address that leads to it", () => {
    const inside = address4.chain((address) =>
      fc.constantFrom("::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::", "2002:").map((prefix) => {
        const groups = `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
        return prefix === "2002:" ? `[${prefix}${groups}::]` : `[${prefix}${groups}]`;
      }),
    );
    fc.assert(
      fc.property(inside, (host) => isRefused(`http://${host}/`)),
      { numRuns: 1_000 },
    );
  });
});

describe("a forbidden name", () => {
  it("is refused however it can be written", () => {
    const name = fc.constantFrom(
      "localhost",
      "a.localhost",
      "db.internal",
      "printer.local",
      "metadata.goog",
      "intranet",
    );
    fc.assert(
      fc.property(name.chain(disguised), around, (host, { scheme, dot, port, rest }) =>
        isRefused(`${scheme}${host}${dot}${port}${rest}`),
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("an allowed public address", () => {
  it("is the place that was judged", () => {
    const host = fc
      .ipV4()
      .filter((text) => judge(`http://${text}/`, RULES, { kind: "public" }).kind === "allowed");
    fc.assert(
      fc.property(host.chain(disguised), (text) => {
        const verdict = judge(`http://${text}/`, RULES, { kind: "public" });
        expect(verdict.kind === "allowed" && verdict.url.hostname === verdict.host).toBe(true);
      }),
    );
  });
});
