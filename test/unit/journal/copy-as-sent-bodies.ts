import type { Sent } from "./copy-as-sent.ts";

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
const noise = (length: number): Uint8Array => {
  let state = 42;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
};

export const BODY_CASES: readonly Sent[] = [
  ...[
    '{"a":1}',
    "@/etc/passwd",
    "<PWNED",
    "-",
    "--next",
    "-d@x",
    "it's 'quoted' \"twice\"",
    "$(touch PWNED) `touch PWNED` $HOME",
    "!! !x it's !y",
    "back\\slash\\n\\",
    "%s %d %% \\c \\047",
    '{\n  "a": [1, 2],\n  "b": "it\'s"\n}\n',
    "100%\n%s%n %% \\c \\047\n",
    "-leading hyphen\nand a line\n",
    "line\nline\r\nline\rline\n\n\n",
    "\n",
    "\n\n\n",
    " ",
    "tab\there",
    "!x\n!!\n$(touch PWNED)\n",
    "END-OF-BODY\nEND\nEOF\n",
    "ends in a backslash\\\n",
    "\ufeffwith a BOM",
    "bidi \u202e\u2066\u200f and \u2028 \u{e0041}",
    "שלום and عربي",
    "naïve – 漢字 🙂 \u0100\u0101\u0107",
    "c1 \u009b31m",
    "\u001b[31mred\u001b[0m\u0007",
    "nul\0nul",
    "</script><!-- ${x} `y` \"\"\" ''' #{z}",
    "x".repeat(1025),
    "it's ".repeat(13_000),
    "漢".repeat(30_000),
  ].map((body) => ({ name: `the body ${JSON.stringify(body.slice(0, 40))}`, body })),
  { name: "every byte", body: everyByte },
  { name: "every byte, backwards", body: everyByte.toReversed() },
  { name: "bytes that are no UTF-8", body: new Uint8Array([0xff, 0xfe, 0xc3, 0x28, 0x0a]) },
  { name: "one byte", body: new Uint8Array([0]) },
  { name: "57 bytes: one full line of base64", body: noise(57) },
  {
    name: "gzip",
    body: new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    headers: [["content-encoding", "gzip"]],
  },
  { name: "a megabyte", body: noise(1 << 20) },
  {
    name: "a form",
    body: "a=1&b=%40%2Fetc%2Fpasswd&c=@x",
    headers: [["content-type", "application/x-www-form-urlencoded"]],
  },
  {
    name: "multipart",
    body: '--b\r\ncontent-disposition: form-data; name="f"; filename="@x"\r\n\r\n$(touch PWNED)\r\n--b--\r\n',
    headers: [["content-type", "multipart/form-data; boundary=b"]],
  },
];
