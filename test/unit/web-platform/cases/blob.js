const textOf = (parts, options) => new Blob(parts, options).text();
for (const [what, parts, text] of [
  ["nothing", [], ""],
  ["texts", ["foo", "bar"], "foobar"],
  ["a text with what is no ASCII", ["\u00e9\u20ac\ud83d\ude00"], "\u00e9\u20ac\ud83d\ude00"],
  ["lone surrogates", ["a\ud800b"], "a\ufffdb"],
  ["numbers, null, undefined", [1, null, undefined, true], "1nullundefinedtrue"],
  ["objects with a text", [{ toString: () => "x" }, []], "x"],
  ["bytes", [new Uint8Array([0x50, 0x41, 0x53, 0x53])], "PASS"],
  ["an ArrayBuffer", [new Uint8Array([0x61]).buffer], "a"],
  ["a part of a buffer", [new Uint8Array([0x61, 0x62, 0x63]).subarray(1, 2)], "b"],
  ["a DataView", [new DataView(new Uint8Array([0x61, 0x62]).buffer, 1)], "b"],
  ["a Uint16Array", [new Uint16Array(new Uint8Array([0x61, 0x62]).buffer)], "ab"],
  ["blobs", [new Blob(["a"]), new Blob([new Blob(["b"])])], "ab"],
  ["a File", [new File(["f"], "name")], "f"],
  ["a mixture", ["a", new Blob(["b"]), new Uint8Array([0x63])], "abc"],
]) {
  test(`is made of ${what}`, async () => equal(await textOf(parts), text));
}
test("is made of any iterable", async () => {
  equal(await textOf(new Set(["a", "b"])), "ab");
  equal(
    await textOf(
      Object.assign(() => 1, {
        *[Symbol.iterator]() {
          yield "x";
        },
      }),
    ),
    "x",
  );
  equal(await textOf(new Uint8Array([1, 2])), "12");
  equal(await textOf(Object("ab")), "ab");
});
for (const given of [null, 1, true, "text", {}, new Date(0), /x/, Symbol("x"), 1n]) {
  test(`refuses to be made of ${show(given)}`, () => throws("TypeError", () => new Blob(given)));
}
test("is empty when made of nothing or undefined", () =>
  equal([new Blob().size, new Blob(undefined).size, new Blob().type], [0, 0, ""]));
test("copies bytes when it is made", async () => {
  const bytes = new Uint8Array([0x61]);
  const blob = new Blob([bytes]);
  bytes[0] = 0x62;
  equal(await blob.text(), "a");
});
test("hands on what a part's text throws", () => {
  const error = new Error("mine");
  throws(
    error,
    () =>
      new Blob([
        {
          toString: () => {
            throw error;
          },
        },
      ]),
  );
});
test("refuses a symbol as a part", () => throws("TypeError", () => new Blob([Symbol("x")])));
for (const [given, type] of [
  [undefined, ""],
  [null, "null"],
  ["", ""],
  ["text/PLAIN", "text/plain"],
  ["image/png", "image/png"],
  ["text/plain;charset=UTF-8", "text/plain;charset=utf-8"],
  ["\u00e5", ""],
  ["a\u0000", ""],
  ["a\u007f", ""],
  ["te(xt/plain", "te(xt/plain"],
  ["A b", "a b"],
  ["\u0130", ""],
]) {
  test(`has the type ${JSON.stringify(type)} for ${JSON.stringify(given) ?? "undefined"}`, () =>
    equal(
      [
        new Blob([], { type: given }).type,
        new Blob(["abc"]).slice(0, 1, given === null ? "null" : given).type,
      ],
      [type, type],
    ));
}
test("turns line endings into native ones when asked", async () => {
  equal(
    [
      await textOf(["\r\n\n\ra\r"], { endings: "native" }),
      await textOf(["\r\n\n\ra"], { endings: "transparent" }),
      await textOf(["\r\n"]),
    ],
    ["\n\n\na\n", "\r\n\n\ra", "\r\n"],
  );
});
test("refuses endings that it does not know, and options that are none", () => {
  throws("TypeError", () => new Blob([], { endings: "x" }));
  throws("TypeError", () => new Blob([], { endings: "Native" }));
  for (const options of [1, "x", true]) throws("TypeError", () => new Blob([], options));
  equal([new Blob([], null).size, new Blob([], {}).size, new Blob([], () => 1).size], [0, 0, 0]);
});
test("reads the parts' texts, and then the options in their order", () => {
  const read = [];
  new Blob([{ toString: () => (read.push("part"), "") }], {
    get type() {
      read.push("type");
      return "";
    },
    get endings() {
      read.push("endings");
      return "native";
    },
  });
  equal(read, ["part", "endings", "type"]);
});

for (const [from, to, text] of [
  [undefined, undefined, "PASSSTRING"],
  [0, undefined, "PASSSTRING"],
  [4, undefined, "STRING"],
  [4, 7, "STR"],
  [7, 4, ""],
  [-4, undefined, "RING"],
  [-100, 4, "PASS"],
  [0, -6, "PASS"],
  [0, 100, "PASSSTRING"],
  [100, 200, ""],
  [Number.NaN, 4, "PASS"],
  ["4", "6.9", "STR"],
  [null, 2, "PA"],
  [1.9, 3, "S"],
  [0.5, 2.5, "PA"],
  [0, Number.POSITIVE_INFINITY, "PASSSTRING"],
]) {
  test(`slice(${String(from)}, ${String(to)}) is ${JSON.stringify(text)}`, async () => {
    const slice = new Blob(["PASSSTRING"], { type: "a/b" }).slice(from, to);
    equal([await slice.text(), slice.size, slice.type, slice instanceof Blob], [text, text.length, "", true]);
  });
}
test("slices of slices", async () => equal(await new Blob(["abcdef"]).slice(1, 5).slice(1, 3).text(), "cd"));
test("arrayBuffer and bytes give copies", async () => {
  const blob = new Blob(["ab"]);
  const one = await blob.arrayBuffer();
  new Uint8Array(one)[0] = 0;
  const bytes = await blob.bytes();
  equal(
    [
      one instanceof ArrayBuffer,
      bytes instanceof Uint8Array,
      Array.from(bytes),
      Array.from(new Uint8Array(await blob.arrayBuffer())),
    ],
    [true, true, [0x61, 0x62], [0x61, 0x62]],
  );
});
test("text can be read at once several times", async () => {
  const blob = new Blob(["ab"]);
  equal(await Promise.all([blob.text(), blob.text()]), ["ab", "ab"]);
});
test("text drops a BOM and replaces errors", async () =>
  equal(
    [await textOf([new Uint8Array([0xef, 0xbb, 0xbf, 0x61])]), await textOf([new Uint8Array([0xc0, 0x61])])],
    ["a", "\ufffda"],
  ));
test("stream gives the bytes", async () => {
  const chunks = [];
  for await (const chunk of new Blob(["abc"]).stream()) chunks.push(...chunk);
  equal(chunks, [0x61, 0x62, 0x63]);
});
test("is tagged, needs new, refuses other objects", async () => {
  equal(
    [String(new Blob()), Blob.length, Blob.name, Blob.prototype.slice.length],
    ["[object Blob]", 0, "Blob", 0],
  );
  throws("TypeError", () => Blob());
  throws("TypeError", () => Object.getOwnPropertyDescriptor(Blob.prototype, "size").get.call({}));
  await rejects("TypeError", () => Blob.prototype.text.call({}));
});

test("a File is a Blob with a name and a time", async () => {
  const before = Date.now();
  const file = new File(["a", "b"], "x/y.txt", { type: "Text/Plain" });
  equal(
    [file.name, file.type, file.size, await file.text(), file instanceof Blob, String(file)],
    ["x/y.txt", "text/plain", 2, "ab", true, "[object File]"],
  );
  truthy(file.lastModified >= before && file.lastModified <= Date.now());
});
for (const [given, time] of [
  [0, 0],
  [7.9, 7],
  [-1, -1],
  [new Date(5), 5],
  ["12", 12],
  [Number.NaN, 0],
  [null, 0],
]) {
  test(`a File takes ${show(given)} for a time`, () =>
    equal(new File([], "x", { lastModified: given }).lastModified, time));
}
for (const [given, name] of [
  ["", ""],
  [null, "null"],
  [undefined, "undefined"],
  [1, "1"],
  ["a\ud800", "a\ufffd"],
  ["a:b", "a:b"],
]) {
  test(`a File takes ${show(given)} for a name`, () => equal(new File([], given).name, name));
}
test("a File needs parts and a name", () => {
  throws("TypeError", () => new File());
  throws("TypeError", () => new File([]));
  throws("TypeError", () => new File("x", "y"));
  throws("TypeError", () => File([], "x"));
  equal(File.length, 2);
});
test("a slice of a File is a Blob", () =>
  equal([new File(["ab"], "x").slice(1) instanceof File, new File(["ab"], "x").slice(1).size], [false, 1]));
