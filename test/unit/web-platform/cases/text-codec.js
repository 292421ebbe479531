const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes, label = "utf-8", options = {}) =>
  new TextDecoder(label, options).decode(new Uint8Array(bytes));

test("TextEncoder says utf-8, whatever it is given", () =>
  equal([new TextEncoder().encoding, new TextEncoder("utf-16").encoding], ["utf-8", "utf-8"]));
for (const [text, bytes] of [
  ["", []],
  ["a", [0x61]],
  ["\u0000", [0]],
  ["\u007f\u0080\u07ff\u0800\uffff", [0x7f, 0xc2, 0x80, 0xdf, 0xbf, 0xe0, 0xa0, 0x80, 0xef, 0xbf, 0xbf]],
  ["\ud800\udc00\udbff\udfff", [0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf]],
  ["\ud800", [0xef, 0xbf, 0xbd]],
  ["\udc00", [0xef, 0xbf, 0xbd]],
  ["a\ud800b", [0x61, 0xef, 0xbf, 0xbd, 0x62]],
  ["\udc00\ud800", [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd]],
  ["\ufeffa", [0xef, 0xbb, 0xbf, 0x61]],
]) {
  test(`encodes ${JSON.stringify(text)}`, () => equal(Array.from(encode(text)), bytes));
}
for (const [what, given, text] of [
  ["nothing", [], ""],
  ["undefined", [undefined], ""],
  ["null", [null], "null"],
  ["a number", [1.5], "1.5"],
  ["an object", [{ toString: () => "x" }], "x"],
]) {
  test(`encodes ${what} as ${JSON.stringify(text)}`, () =>
    equal(Array.from(new TextEncoder().encode(...given)), bytesOf(text)));
}
test("encode gives a Uint8Array with a buffer of its own", () => {
  const bytes = encode("abc");
  truthy(bytes instanceof Uint8Array && bytes.byteOffset === 0 && bytes.buffer.byteLength === 3);
  bytes[0] = 0x78;
  equal(Array.from(encode("abc")), [0x61, 0x62, 0x63]);
});
test("encode refuses a symbol", () => throws("TypeError", () => encode(Symbol("x"))));

for (const [text, size, read, written, bytes] of [
  ["Hi", 0, 0, 0, []],
  ["Hi", 1, 1, 1, [0x48]],
  ["Hi", 10, 2, 2, [0x48, 0x69, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["\u0391", 1, 0, 0, [0]],
  ["\u0391b", 2, 1, 2, [0xce, 0x91]],
  ["\ud834\udd1e", 3, 0, 0, [0, 0, 0]],
  ["\ud834\udd1e", 4, 2, 4, [0xf0, 0x9d, 0x84, 0x9e]],
  ["\ud834A\udf06", 7, 3, 7, [0xef, 0xbf, 0xbd, 0x41, 0xef, 0xbf, 0xbd]],
  ["\ud834A", 3, 1, 3, [0xef, 0xbf, 0xbd]],
  ["a\u00a5\u6c34", 4, 2, 3, [0x61, 0xc2, 0xa5, 0]],
]) {
  test(`encodeInto writes ${JSON.stringify(text)} into ${size} bytes`, () => {
    const target = new Uint8Array(size);
    const result = new TextEncoder().encodeInto(text, target);
    equal([result.read, result.written, Array.from(target)], [read, written, bytes]);
  });
}
test("encodeInto writes where the view begins", () => {
  const whole = new Uint8Array(5);
  new TextEncoder().encodeInto("xyz", whole.subarray(2, 4));
  equal(Array.from(whole), [0, 0, 0x78, 0x79, 0]);
});
for (const View of [Int8Array, Uint8ClampedArray, Uint16Array, DataView]) {
  test(`encodeInto refuses a ${View.name}`, () =>
    throws("TypeError", () => new TextEncoder().encodeInto("", new View(new ArrayBuffer(8)))));
}
test("encodeInto refuses an ArrayBuffer, and too few arguments", () => {
  throws("TypeError", () => new TextEncoder().encodeInto("", new ArrayBuffer(1)));
  throws("TypeError", () => new TextEncoder().encodeInto(""));
});

for (const [label, name] of [
  ["utf-8", "utf-8"],
  ["utf8", "utf-8"],
  ["UTF8", "utf-8"],
  ["unicode-1-1-utf-8", "utf-8"],
  ["x-unicode20utf8", "utf-8"],
  ["\t utf-8\n\f\r ", "utf-8"],
  ["ascii", "windows-1252"],
  ["latin1", "windows-1252"],
  ["iso-8859-1", "windows-1252"],
  ["windows-1252", "windows-1252"],
  ["l2", "iso-8859-2"],
  ["cp1251", "windows-1251"],
  ["koi8_r", "koi8-r"],
  ["macintosh", "macintosh"],
  ["utf-16", "utf-16le"],
  ["utf-16be", "utf-16be"],
  ["ucs-2", "utf-16le"],
  ["sjis", "shift_jis"],
  ["euc-jp", "euc-jp"],
  ["iso-2022-jp", "iso-2022-jp"],
  ["gb2312", "gbk"],
  ["gb18030", "gb18030"],
  ["big5-hkscs", "big5"],
  ["ks_c_5601-1987", "euc-kr"],
  ["iso-8859-8-i", "iso-8859-8-i"],
  ["x-user-defined", "x-user-defined"],
]) {
  test(`knows the label ${JSON.stringify(label)} as ${name}`, () =>
    equal(new TextDecoder(label).encoding, name));
}
for (const label of [
  "",
  "utf-9",
  "replacement",
  "utf-7",
  "utf-32",
  "\u00a0utf-8",
  "utf-8\u0000",
  "csiso2022kr",
]) {
  test(`refuses the label ${JSON.stringify(label)}`, () =>
    throws("RangeError", () => new TextDecoder(label)));
}

for (const [what, bytes, text] of [
  ["ASCII", [0x61, 0x00, 0x7f], "a\u0000\u007f"],
  [
    "the edges of each length",
    [
      0xc2, 0x80, 0xdf, 0xbf, 0xe0, 0xa0, 0x80, 0xef, 0xbf, 0xbf, 0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf,
      0xbf,
    ],
    "\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}",
  ],
  ["a byte that is none", [0xff], "\ufffd"],
  ["a start without its rest", [0xc0], "\ufffd"],
  ["an overlong form of two", [0xc0, 0x80], "\ufffd\ufffd"],
  ["an overlong form of three", [0xe0, 0x80, 0x80], "\ufffd\ufffd\ufffd"],
  ["a surrogate", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
  ["what is beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
  ["a sequence cut by another", [0xe2, 0x82, 0x61], "\ufffda"],
  ["four bytes cut after three", [0xf0, 0x9f, 0x92], "\ufffd"],
  ["bytes of a rest without a start", [0x80, 0xbf], "\ufffd\ufffd"],
  ["a start within a sequence", [0xf0, 0x9f, 0xc3, 0xa9], "\ufffd\u00e9"],
]) {
  test(`decodes ${what}, and refuses errors when it is fatal`, () => {
    equal(decode(bytes), text);
    if (text.includes("\ufffd")) throws("TypeError", () => decode(bytes, "utf-8", { fatal: true }));
    else equal(decode(bytes, "utf-8", { fatal: true }), text);
  });
}
test("drops a BOM, once", () =>
  equal([decode([0xef, 0xbb, 0xbf, 0x61]), decode([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf])], ["a", "\ufeff"]));
test("keeps a BOM with ignoreBOM", () =>
  equal(decode([0xef, 0xbb, 0xbf, 0x61], "utf-8", { ignoreBOM: true }), "\ufeffa"));
test("drops a BOM again in the next text", () => {
  const decoder = new TextDecoder();
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x61]);
  equal([decoder.decode(bytes), decoder.decode(bytes)], ["a", "a"]);
});
test("keeps a BOM that is not at the beginning", () => equal(decode([0x61, 0xef, 0xbb, 0xbf]), "a\ufeff"));
test("a part of a BOM is an error", () => equal(decode([0xef, 0xbb]), "\ufffd"));

for (const [label, bytes, text] of [
  ["windows-1252", [0x80, 0x81, 0x9f, 0xe9], "\u20ac\u0081\u0178\u00e9"],
  ["iso-8859-2", [0xb1, 0xe6], "\u0105\u0107"],
  ["windows-1251", [0xcf, 0xf0, 0xe8], "\u041f\u0440\u0438"],
  ["koi8-r", [0xf0, 0xd2, 0xc9], "\u041f\u0440\u0438"],
  ["macintosh", [0x8e, 0xdb], "\u00e9\u20ac"],
  ["utf-16le", [0x61, 0x00, 0x3d, 0xd8, 0xa9, 0xdc], "a\ud83d\udca9"],
  ["utf-16be", [0x00, 0x61, 0xd8, 0x3d, 0xdc, 0xa9], "a\ud83d\udca9"],
  ["utf-16le", [0xff, 0xfe, 0x61, 0x00], "a"],
  ["utf-16le", [0x3d, 0xd8, 0x61, 0x00], "\ufffda"],
  ["utf-16le", [0x61], "\ufffd"],
  ["shift_jis", [0x93, 0xfa, 0x96, 0x7b, 0xb1], "\u65e5\u672c\uff71"],
  ["euc-jp", [0xc6, 0xfc, 0xcb, 0xdc], "\u65e5\u672c"],
  ["iso-2022-jp", [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42, 0x61], "\u65e5a"],
  ["gbk", [0xd6, 0xd0, 0xce, 0xc4], "\u4e2d\u6587"],
  ["gb18030", [0x81, 0x30, 0x81, 0x30, 0xd6, 0xd0], "\u0080\u4e2d"],
  ["big5", [0xa4, 0xa4, 0xa4, 0xe5], "\u4e2d\u6587"],
  ["euc-kr", [0xc7, 0xd1, 0xb1, 0xdb], "\ud55c\uae00"],
  ["x-user-defined", [0x61, 0x80, 0xff], "a\uf780\uf7ff"],
]) {
  test(`decodes ${label}: ${bytes}`, () => equal(decode(bytes, label), text));
}

for (const [what, input] of [
  ["an ArrayBuffer", new Uint8Array([0x61]).buffer],
  ["a DataView", new DataView(new Uint8Array([0x62, 0x61, 0x63]).buffer, 1, 1)],
  ["a Uint8ClampedArray", new Uint8ClampedArray([0x61])],
  ["a part of a buffer", new Uint8Array([0x62, 0x61, 0x63]).subarray(1, 2)],
  ["a Uint16Array", new Uint16Array(new Uint8Array([0x61, 0x61]).buffer)],
]) {
  test(`decodes ${what}`, () => equal(new TextDecoder().decode(input).replace("aa", "a"), "a"));
}
test("decodes nothing to an empty text", () =>
  equal([new TextDecoder().decode(), new TextDecoder().decode(undefined)], ["", ""]));
for (const input of [null, "a", 1, {}, [0x61]]) {
  test(`refuses to decode ${JSON.stringify(input)}`, () =>
    throws("TypeError", () => new TextDecoder().decode(input)));
}
test("says what it was made with", () => {
  const plain = new TextDecoder();
  const made = new TextDecoder("latin1", { fatal: 1, ignoreBOM: "x" });
  equal(
    [plain.encoding, plain.fatal, plain.ignoreBOM, made.encoding, made.fatal, made.ignoreBOM],
    ["utf-8", false, false, "windows-1252", true, true],
  );
});

const inPieces = (bytes, size, label = "utf-8", options = {}) => {
  const decoder = new TextDecoder(label, options);
  let text = "";
  for (let at = 0; at < bytes.length; at += size)
    text += decoder.decode(new Uint8Array(bytes.slice(at, at + size)), { stream: true });
  return text + decoder.decode();
};
for (const [label, bytes, text] of [
  [
    "utf-8",
    bytesOf("z\u00a2\u6c34\ud834\udd1e\uf8ff\udbff\udffd\ufffe"),
    "z\u00a2\u6c34\ud834\udd1e\uf8ff\udbff\udffd\ufffe",
  ],
  ["utf-16le", [0x7a, 0x00, 0x34, 0x6c, 0x34, 0xd8, 0x1e, 0xdd], "z\u6c34\ud834\udd1e"],
  ["utf-16be", [0x00, 0x7a, 0x6c, 0x34, 0xd8, 0x34, 0xdd, 0x1e], "z\u6c34\ud834\udd1e"],
  ["shift_jis", [0x93, 0xfa, 0x61, 0x96, 0x7b], "\u65e5a\u672c"],
  ["iso-2022-jp", [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42, 0x61], "\u65e5a"],
  ["gb18030", [0x81, 0x30, 0x81, 0x30, 0xd6, 0xd0], "\u0080\u4e2d"],
]) {
  for (const size of [1, 2, 3, 4, 5]) {
    test(`decodes a stream of ${label} in pieces of ${size}`, () =>
      equal(inPieces(bytes, size, label), text));
  }
}
test("drops a BOM that comes in pieces", () => equal(inPieces([0xef, 0xbb, 0xbf, 0x61], 1), "a"));
test("keeps a BOM in the middle of a stream", () =>
  equal(inPieces([0x61, 0xef, 0xbb, 0xbf, 0x62], 2), "a\ufeffb"));
test("keeps a BOM that comes in pieces with ignoreBOM", () =>
  equal(inPieces([0xef, 0xbb, 0xbf, 0x61], 1, "utf-8", { ignoreBOM: true }), "\ufeffa"));
test("tells of an unfinished sequence at the end of a stream", () => {
  equal(inPieces([0x61, 0xe2, 0x82], 1), "a\ufffd");
  throws("TypeError", () => inPieces([0x61, 0xe2, 0x82], 1, "utf-8", { fatal: true }));
});
test("tells of an error within a stream at once when it is fatal", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  equal(decoder.decode(new Uint8Array([0xe2]), { stream: true }), "");
  throws("TypeError", () => decoder.decode(new Uint8Array([0x61]), { stream: true }));
});
test("begins anew after an error", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  throws("TypeError", () => decoder.decode(new Uint8Array([0xff])));
  equal(decoder.decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), "a");
});
test("an unfinished sequence and what does not continue it", () => {
  const decoder = new TextDecoder();
  equal(
    [
      decoder.decode(new Uint8Array([0xf0, 0x9f]), { stream: true }),
      decoder.decode(new Uint8Array([0x61]), { stream: true }),
      decoder.decode(),
    ],
    ["", "\ufffda", ""],
  );
});
test("an empty piece changes nothing", () => {
  const decoder = new TextDecoder();
  const parts = [
    decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }),
    decoder.decode(new Uint8Array(0), { stream: true }),
    decoder.decode(new Uint8Array([0xac])),
  ];
  equal(parts, ["", "", "\u20ac"]);
});
for (const Class of [TextEncoder, TextDecoder]) {
  test(`${Class.name} needs new, has a tag, and its attributes refuse other objects`, () => {
    throws("TypeError", () => Class());
    equal([Class.length, Object.prototype.toString.call(new Class())], [0, `[object ${Class.name}]`]);
    throws("TypeError", () => Object.getOwnPropertyDescriptor(Class.prototype, "encoding").get.call({}));
  });
}
