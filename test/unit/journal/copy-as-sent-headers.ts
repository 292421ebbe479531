import type { HeaderPairs } from "../../../src/lib/headers.ts";
import { inEveryForm, type Sent } from "./copy-as-sent.ts";

/** Values that would name a file, be an option, run, expand, or act on a terminal. */
const VALUES: readonly string[] = [
  "@/etc/passwd",
  "=@/etc/passwd",
  ":=@/etc/passwd",
  "==@/etc/passwd",
  "=1",
  "@",
  "==",
  ":=1",
  ";type=text/plain",
  "a:b;c=d@e",
  "file:///etc/passwd",
  "<PWNED",
  "$(touch PWNED)",
  "`touch PWNED`",
  "${HOME} $HOME $0 $$",
  "'; touch PWNED; '",
  '"; touch PWNED; "',
  "'\"'\"'\\''",
  "\\",
  "\\\\",
  "ends in one\\",
  "C\\temp\\n\\047\\x41",
  "\\\\:even",
  "%s%n%d%%\\c",
  "!! !$ !-1 !touch it's!",
  "~ * ? [a] {b,c} #d |e &f >g",
  "-H --data @x",
  ";",
  "\"\"\"''' #{x} ${y} </script><!--",
  "naïve – 漢字 🙂",
  "\u0100\u0101\u0102\u0103\u0104\u0105\u0106\u0107\u0108",
  "a\u202egnp.exe\u202c \u2066x\u2069 \u200f\u200e",
  "zero\u200bwidth\u2060\ufeffinside",
  "line\u2028and\u2029paragraph",
  "c1 \u009b31m and \u0085 inside",
  "tag \u{e0041} plane \u{1f468}\u200d\u{1f469}",
  "שלום ‏ مرحبا",
  "tab\tinside",
  "-%s %n 100%\t\\c \\047 it's !!",
];

/** Node refuses these in a header, so that the copy for fetch leaves them out. */
const CONTROLS: readonly string[] = [
  "\u001b[2J\u001b]0;owned\u0007",
  "a\u0001\u0002\u0008\u000b\u000c\u000eb",
  "del\u007fete",
];

const NAMES: readonly string[] = [
  "-x",
  "--data",
  "-",
  "x'y",
  "x`id`",
  "x$HOME",
  "x!y",
  "x%s",
  "x&y",
  "x*",
  "x|y",
  "#x",
  "~x",
  "^x^y",
];

const numbered = (values: readonly string[]): HeaderPairs =>
  values.map((value, index) => [`x-${index}`, value] as const);

export const HEADER_CASES: readonly Sent[] = [
  ...VALUES.map((value) => ({
    name: `a header of ${JSON.stringify(value)}`,
    headers: [["x-a", value]] as const,
  })),
  ...CONTROLS.map((value) => ({
    name: `a header of ${JSON.stringify(value)}`,
    headers: [["x-a", value]] as const,
    limits: { fetch: /Left out, as fetch refuses its control characters: x-a\./ },
    lost: { fetch: ["x-a"] },
  })),
  ...["C:\\:odd", "a\\@b", "\\=x", "\\\\\\;"].map((value) => ({
    name: `a header of ${JSON.stringify(value)}`,
    headers: [["x-a", value]] as const,
    limits: { httpie: /Left out, as HTTPie would change it: x-a\./ },
    lost: { httpie: ["x-a"] },
  })),
  ...["\u00a0no-break", "ends\u3000", "next\u0085"].map((value) => ({
    name: `a header of ${JSON.stringify(value)}`,
    headers: [["x-a", value]] as const,
    limits: { httpie: /Left out, as HTTPie would change it: x-a\./ },
    lost: { httpie: ["x-a"] },
  })),
  ...NAMES.map((name) => ({ name: `a header named ${name}`, headers: [[name, "1"]] as const })),
  { name: "all values at once", headers: numbered(VALUES) },
  {
    name: "empty headers",
    headers: [
      ["x-empty", ""],
      ["x-blank", "  \t "],
      ["accept", ""],
      ["content-type", ""],
      ["user-agent", ""],
    ],
    body: "x",
  },
  {
    name: "white space around",
    headers: [
      ["x-a", "  both  "],
      ["x-b", "\tends\t"],
    ],
  },
  {
    name: "a header twice",
    headers: [
      ["x-a", "1"],
      ["x-b", "2"],
      ["x-a", "3"],
      ["cookie", "a=1"],
      ["cookie", "b=2"],
    ],
  },
  {
    name: "500 headers",
    headers: Array.from({ length: 500 }, (_, index) => [`x-h${index}`, `'${index}'`] as const),
  },
  { name: "a long header", headers: [["x-long", "l'ong ".repeat(5000).trim()]] },
  { name: "no header at all" },
  { name: "no header, and a body", body: "plain" },
  {
    name: "headers that clients set themselves",
    body: "12345",
    headers: [
      ["host", "evil.example"],
      ["content-length", "99999"],
      ["transfer-encoding", "chunked"],
      ["connection", "upgrade"],
      ["upgrade", "websocket"],
      ["keep-alive", "x"],
      ["te", "trailers"],
      ["trailer", "x"],
      ["expect", "100-continue"],
      ["accept-encoding", "br"],
      ["cf-ray", "1"],
      ["cdn-loop", "cloudflare"],
      ["cf-connecting-ip", "203.0.113.1"],
      ["x-forwarded-for", "203.0.113.1"],
    ],
  },
  {
    name: "headers that browsers keep",
    limits: { fetch: /A browser sets these itself: cookie, date, origin, referer, via\./ },
    lost: { fetch: ["sec-fetch-mode"] },
    headers: [
      ["cookie", 'a=1; b="x y"'],
      ["date", "Sun, 22 Nov 2026 00:00:00 GMT"],
      ["origin", "null"],
      ["referer", "https://example.com/?q='"],
      ["sec-fetch-mode", "navigate"],
      ["accept-language", "de"],
      ["via", "1.1 x"],
    ],
  },
  {
    name: "conditional headers",
    method: "GET",
    headers: [
      ["if-none-match", '"x"'],
      ["range", "bytes=0-"],
      ["if-modified-since", "Sun, 22 Nov 2026 00:00:00 GMT"],
    ],
  },
  {
    name: "credentials",
    headers: [
      ["authorization", "Basic dTpw"],
      ["proxy-authorization", "Bearer x"],
      ["x-api-key", "k"],
    ],
  },
  {
    name: "values that end their line",
    headers: [
      ["x-a", "1\r\nx-injected: 1"],
      ["x-b", "1\nx-injected: 1"],
      ["x-c", "1\0"],
      ["x-d", "fine"],
    ],
    limits: inEveryForm(/Left out, as no client can send it: x-a, x-b, x-c\./),
    lost: inEveryForm(["x-a", "x-b", "x-c"]),
  },
  {
    name: "names that are none",
    headers: [
      ["@/etc/passwd", "1"],
      ["a b", "1"],
      ["x:y", "1"],
      ["é", "1"],
      ["", "1"],
      ["x-ok", "1"],
    ],
    limits: inEveryForm(/Left out, as no client can send it: _\/etc\/passwd, a b, x:y, _, \./),
    lost: inEveryForm(["@/etc/passwd", "a b", "x:y", "é", ""]),
  },
];
