import { frameOf, type PriceCase } from "./prices.ts";

const bytes = (count: number, fill: (index: number) => number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count }, (_, index) => fill(index));
const ascii = (count: number): Uint8Array<ArrayBuffer> => bytes(count, (index) => 97 + (index % 10));
const wide = (count: number): Uint8Array<ArrayBuffer> =>
  bytes(count - (count % 3), (index) => [0xe4, 0xb8, 0x80][index % 3] ?? 0);
const mixed = (count: number): Uint8Array<ArrayBuffer> => bytes(count, (index) => (index * 7_919) & 255);

const SIZES = [10, 60_000] as const;

const sized = (
  name: string,
  of: (size: number) => Omit<PriceCase, "name">,
  sizes: readonly number[] = SIZES,
): readonly PriceCase[] => sizes.map((size) => ({ name: `${name}, ${size}`, ...of(size) }));

/** One op on a body of the run, as it is. */
const onBody = (
  name: string,
  call: string,
  body: (size: number) => Uint8Array<ArrayBuffer>,
  setup = "const data = given(0)",
): readonly PriceCase[] => sized(name, (size) => ({ setup, call, bodies: [body(size)] }));

const onText = (name: string, call: string, text: (size: number) => string, sizes?: readonly number[]) =>
  sized(name, (size) => ({ setup: `const data = ${text(size)}`, call }), sizes);

const DOOR: readonly PriceCase[] = [
  { name: "no such op", call: "soft(() => host('nope'))" },
  { name: "no op at all", call: "soft(() => host(1))" },
  { name: "cancel", setup: "const none = at(1e6)", call: "host('cancel', none)" },
  { name: "fuel-left", call: "host('fuel-left')" },
  {
    name: "answer-part, too many",
    setup: "const one = new ArrayBuffer(1)",
    call: "soft(() => host('answer-part', one))",
  },
  {
    name: "cancel, refused, 1 MiB",
    setup: "const data = new ArrayBuffer(1048576)",
    call: "soft(() => host('cancel', data))",
  },
  { name: "body, refused", setup: "const none = at(99)", call: "soft(() => host('body', none))" },
  ...onBody("body", "host('body', data)", ascii, "const data = at(0)"),
  ...onBody("body-text", "host('body-text', data)", ascii, "const data = at(0)"),
  ...onBody("body-text, wide", "host('body-text', data)", wide, "const data = at(0)"),
  ...onBody(
    "body-text, NUL",
    "host('body-text', data)",
    (size) => new Uint8Array(size),
    "const data = at(0)",
  ),
  ...onBody(
    "body-text, invalid",
    "host('body-text', data)",
    (size) => bytes(size, () => 255),
    "const data = at(0)",
  ),
];

const MIB = 1024 * 1024;

/** What ends a run is large here: beside it, what a run takes besides its fuel counts for little. */
const ENDINGS: readonly PriceCase[] = [
  {
    name: "answer, 1 MiB",
    setup: `const whole = frame('{"body":"bytes"}', new Uint8Array(${MIB}))`,
    call: "host('answer', whole); host('done')",
    ends: true,
  },
  {
    name: "answer, nested",
    setup:
      "const head = '{\"body\":\"none\",\"x\":' + '['.repeat(60) + '[],'.repeat(21000) + '1' + ']'.repeat(60) + '}'",
    call: "host('answer', frame(head)); host('done')",
    ends: true,
  },
  {
    name: "answer-part, 1 MiB in 64",
    setup: `const part = new ArrayBuffer(${MIB / 64})`,
    call: `for (let i = 0; i < 64; i++) host('answer-part', part); host('answer', frame('{"body":"bytes"}')); host('done')`,
    ends: true,
  },
  {
    name: "answer-text, 1 MiB",
    setup: `const text = '{"body":"bytes","done":true}\\n' + 'x'.repeat(${MIB})`,
    call: "host('answer-text', text)",
    ends: true,
  },
  {
    name: "answer-text, wide",
    setup: `const text = '{"body":"bytes","done":true}\\n' + '\u4e00'.repeat(${MIB / 4})`,
    call: "host('answer-text', text)",
    ends: true,
  },
  {
    name: "fail, nested",
    setup: "const told = '[' + '[],'.repeat(80000) + '1]'",
    call: "host('fail', told); host('done')",
    ends: true,
  },
  {
    name: "fail, too long",
    setup: "const told = '[' + '[],'.repeat(100000) + '1]'",
    call: "host('fail', told); host('done')",
    ends: true,
  },
  {
    name: "fail, a stack",
    setup: "const told = JSON.stringify({ kind: 'threw', stack: '    at x (script:1:1)\\n'.repeat(10000) })",
    call: "host('fail', told); host('done')",
    ends: true,
  },
];

const CONSOLE: readonly PriceCase[] = [
  ...onText(
    "log, dropped",
    "host('log', data)",
    (size) => `JSON.stringify({ level: 'log', text: 'x'.repeat(${size}) })`,
  ),
  ...onText(
    "log, refused",
    "soft(() => host('log', data))",
    (size) => `JSON.stringify({ level: 'x', text: 'x'.repeat(${size}) })`,
    [10, 1_000],
  ),
];

const LABELS = [
  "utf-8",
  "utf-16le",
  "shift_jis",
  "gb18030",
  "big5",
  "iso-2022-jp",
  "windows-1252",
  "x-user-defined",
];

const TEXTS: readonly PriceCase[] = [
  ...onBody("base64-encode", "host('base64-encode', data)", mixed),
  ...onBody(
    "base64-decode",
    "host('base64-decode', data)",
    mixed,
    "const data = host('base64-encode', given(0))",
  ),
  ...onBody(
    "base64-decode, refused",
    "soft(() => host('base64-decode', data))",
    mixed,
    "const data = host('base64-encode', given(0)) + '!'",
  ),
  ...onText("base64-decode, blank", "host('base64-decode', data)", (size) => `' '.repeat(${size})`),
  ...onText("utf8-encode", "host('utf8-encode', data)", (size) => `'a'.repeat(${size})`),
  ...onText("utf8-encode, wide", "host('utf8-encode', data)", (size) => `'\\u4e00'.repeat(${size})`),
  ...onText("utf8-encode, lone", "host('utf8-encode', data)", (size) => `'\\ud800'.repeat(${size})`),
  ...onText("utf8-encode, NUL", "host('utf8-encode', data)", (size) => `'\\0'.repeat(${size})`),
  ...onBody("utf8-text", "host('utf8-text', data)", ascii),
  ...onBody("utf8-text, invalid", "host('utf8-text', data)", (size) => bytes(size, () => 255)),
  ...LABELS.flatMap((label) =>
    onBody(`utf8-decode, ${label}`, "host('utf8-decode', data)", (size) => frameOf({ label }, [mixed(size)])),
  ),
  ...onBody("utf8-decode, fatal", "soft(() => host('utf8-decode', data))", (size) =>
    frameOf({ label: "utf-8", fatal: true }, [bytes(size, (index) => (index === size - 1 ? 255 : 97))]),
  ),
  ...onBody("utf8-decode, long head", "soft(() => host('utf8-decode', data))", (size) =>
    frameOf({ label: "utf-8", more: Array.from({ length: size / 2 }, () => 1) }),
  ),
  ...onText(
    "encoding-name",
    "soft(() => host('encoding-name', data))",
    (size) => `JSON.stringify('x'.repeat(${size}))`,
  ),
  ...onText(
    "encoding-name, deep",
    "soft(() => host('encoding-name', data))",
    (size) => `'[' + '[],'.repeat(${Math.ceil(size / 3)}) + '1]'`,
  ),
];

const url = (name: string, text: (size: number) => string, sizes?: readonly number[]): readonly PriceCase[] =>
  onText(
    `url-parse, ${name}`,
    "soft(() => host('url-parse', data))",
    (size) => `JSON.stringify({ url: ${text(size)} })`,
    sizes,
  );

const URL_SIZES = [10, 60_000] as const;
const URLS: readonly PriceCase[] = [
  ...url("path", (size) => `'http://example.com/' + 'a'.repeat(${size})`, URL_SIZES),
  ...url(
    "wide path",
    (size) => `'http://example.com/' + '\\u4e00'.repeat(${Math.ceil(size / 3)})`,
    URL_SIZES,
  ),
  ...url("wide host", (size) => `'http://' + '\\u4e00'.repeat(${Math.ceil(size / 3)}) + '/'`, URL_SIZES),
  ...url("labels", (size) => `'http://' + '\\u00fc.'.repeat(${Math.ceil(size / 3)}) + '/'`, URL_SIZES),
  ...url("numbers", (size) => `'http://' + '1.'.repeat(${Math.ceil(size / 2)}) + '/'`, URL_SIZES),
  ...url("dots", (size) => `'http://a/' + 'b/../'.repeat(${Math.ceil(size / 5)})`, URL_SIZES),
  ...url("slashes", (size) => `'http://a/' + '/'.repeat(${size}) + '..'`, URL_SIZES),
  ...onText(
    "url-parse, many keys",
    "soft(() => host('url-parse', data))",
    (size) => `'{' + Array.from({ length: ${Math.ceil(size / 8)} }, (_, i) => '"k' + i + '":1').join() + '}'`,
    URL_SIZES,
  ),
  ...onText(
    "url-parse, nested",
    "soft(() => host('url-parse', data))",
    (size) => `'[' + '[],'.repeat(${Math.ceil(size / 3)}) + '1]'`,
    URL_SIZES,
  ),
  ...onText(
    "url-set",
    "soft(() => host('url-set', data))",
    (size) =>
      `JSON.stringify({ href: 'http://a/', part: 'search', value: '"'.repeat(${Math.ceil(size / 2)}) })`,
    URL_SIZES,
  ),
];

const OTHERS: readonly PriceCase[] = [
  ...sized(
    "random",
    (size) => ({ setup: `const count = at(${size})`, call: "host('random', count)" }),
    [1, 1_000, 65_536],
  ),
  { name: "random, refused", setup: "const count = at(65537)", call: "soft(() => host('random', count))" },
  ...onText(
    "sha256",
    "host('sha256', data)",
    (size) => `JSON.stringify({ data: 'A'.repeat(${size - (size % 4)}) })`,
  ),
  ...onText(
    "sha256, refused",
    "soft(() => host('sha256', data))",
    (size) => `JSON.stringify({ data: 'A!'.repeat(${size}) })`,
  ),
  // Nobody waits for it: how long it would is not CPU.
  {
    name: "timer, called off",
    setup: "const ms = new Float64Array([1e6]).buffer",
    call: "host('cancel', at(host('timer', ms)))",
  },
];

/** Every op but those of `crypto.subtle` and `seal`, which need keys. */
export const PLAIN_CASES: readonly PriceCase[] = [
  ...DOOR,
  ...ENDINGS,
  ...CONSOLE,
  ...TEXTS,
  ...URLS,
  ...OTHERS,
];
