const made = (...entries) => {
  const form = new FormData();
  for (const entry of entries) form.append(...entry);
  return form;
};
test("is empty at first", () => equal([...new FormData()], []));
test("append keeps order and repeats", () =>
  equal(
    [...made(["a", "1"], ["b", "2"], ["a", "3"])],
    [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ],
  ));
for (const [given, text] of [
  [null, "null"],
  [undefined, "undefined"],
  [1, "1"],
  ["", ""],
  ["a\ud800", "a\ufffd"],
  [{ toString: () => "x" }, "x"],
]) {
  test(`takes ${show(given)} for a value and for a name`, () =>
    equal(
      [...made(["k", given], [given, "v"])],
      [
        ["k", text],
        [text, "v"],
      ],
    ));
}
test("get gives the first, getAll each", () => {
  const form = made(["a", "1"], ["a", "2"], ["b", ""]);
  equal(
    [form.get("a"), form.getAll("a"), form.get("b"), form.get("c"), form.getAll("c")],
    ["1", ["1", "2"], "", null, []],
  );
});
test("has tells", () => equal([made(["a", ""]).has("a"), made(["a", ""]).has("b")], [true, false]));
test("delete removes all of a name", () => {
  const form = made(["a", "1"], ["b", "2"], ["a", "3"]);
  form.delete("a");
  form.delete("x");
  equal([...form], [["b", "2"]]);
});
test("set replaces the first and removes the others, or adds", () => {
  const form = made(["a", "1"], ["b", "2"], ["a", "3"]);
  form.set("a", "x");
  form.set("c", "y");
  equal(
    [...form],
    [
      ["a", "x"],
      ["b", "2"],
      ["c", "y"],
    ],
  );
});
test("names are found by what they come to as texts", () => {
  const form = made(["1", "a"], ["null", "b"], ["x\ufffd", "c"]);
  equal([form.get(1), form.has(null), form.get("x\ud800")], ["a", true, "c"]);
});
test("a Blob becomes a File named blob", async () => {
  const value = made(["a", new Blob(["x"], { type: "t/u" })]).get("a");
  equal(
    [value instanceof File, value.name, value.type, value.size, await value.text()],
    [true, "blob", "t/u", 1, "x"],
  );
});
test("a Blob takes the name that is given", () =>
  equal(
    [
      made(["a", new Blob(["x"]), "n"]).get("a").name,
      made(["a", new Blob(["x"]), null]).get("a").name,
      made(["a", new Blob(["x"]), undefined]).get("a").name,
    ],
    ["n", "null", "blob"],
  ));
test("a File stays the same, unless a name is given", () => {
  const file = new File(["x"], "old", { type: "t/u", lastModified: 5 });
  identical(made(["a", file]).get("a"), file);
  const renamed = made(["a", file, "new"]).get("a");
  equal([renamed.name, renamed.type, renamed.lastModified, renamed.size], ["new", "t/u", 5, 1]);
});
test("the same File comes back each time", () => {
  const form = made(["a", new Blob(["x"])]);
  identical(form.get("a"), form.getAll("a")[0]);
});
test("a file name for what is no Blob is an error", () => {
  throws("TypeError", () => new FormData().append("a", "b", "c"));
  throws("TypeError", () => new FormData().set("a", "b", "c"));
});
for (const [method, given] of [
  ["append", ["a"]],
  ["append", []],
  ["set", ["a"]],
  ["get", []],
  ["getAll", []],
  ["has", []],
  ["delete", []],
  ["forEach", []],
]) {
  test(`${method} throws a TypeError when it is given just (${given})`, () =>
    throws("TypeError", () => new FormData()[method](...given)));
}
test("takes no form element", () => {
  throws("TypeError", () => new FormData({}));
  throws("TypeError", () => new FormData(null));
  equal([...new FormData(undefined)], []);
});
test("iterates, live, and forEach gives value, name, form", () => {
  const form = made(["a", "1"], ["b", "2"]);
  const seen = [];
  form.forEach((value, name, all) => seen.push([value, name, all === form]));
  equal(
    [[...form.keys()], [...form.values()], seen],
    [
      ["a", "b"],
      ["1", "2"],
      [
        ["1", "a", true],
        ["2", "b", true],
      ],
    ],
  );
  const names = [];
  for (const [name] of form) {
    names.push(name);
    if (name === "a") form.append("c", "3");
  }
  equal(names, ["a", "b", "c"]);
});
test("iterators are of one class with a tag", () => {
  const iterator = new FormData().entries();
  equal(Object.prototype.toString.call(iterator), "[object FormData Iterator]");
  identical(FormData.prototype.entries, FormData.prototype[Symbol.iterator]);
});
for (const [method, length] of [
  ["append", 2],
  ["delete", 1],
  ["get", 1],
  ["getAll", 1],
  ["has", 1],
  ["set", 2],
  ["forEach", 1],
]) {
  test(`${method} has a length of ${length}, and refuses what is no form`, () => {
    equal(FormData.prototype[method].length, length);
    throws("TypeError", () => FormData.prototype[method].call({}, "a", "b"));
  });
}
test("is tagged, needs new, has a length of 0", () => {
  equal([String(new FormData()), FormData.length], ["[object FormData]", 0]);
  throws("TypeError", () => FormData());
});

const written = async (form) => {
  const response = new Response(form);
  const type = response.headers.get("content-type");
  const boundary = /^multipart\/form-data; boundary=([-\w'+,./:=?()]{1,70})$/.exec(type)?.[1];
  truthy(boundary, type);
  return (await response.text()).replaceAll(boundary, "B");
};
test("is written as multipart/form-data", async () => {
  equal(
    await written(made(["a", "1"], ["\u00e9", "\u20ac"])),
    '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="\u00e9"\r\n\r\n\u20ac\r\n--B--\r\n',
  );
});
test("files are written with name and type", async () => {
  const form = made(["f", new File(["x"], "n.txt", { type: "text/plain" })], ["g", new Blob(["y"])]);
  equal(
    await written(form),
    '--B\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name="g"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\ny\r\n--B--\r\n',
  );
});
test("line breaks and quotes in names are escaped, line breaks of values made whole", async () => {
  const form = made(['a"\r\n\n', "1\n2\r3\r\n4"], ["f", new File([""], 'q"\n')]);
  const text = await written(form);
  truthy(text.includes('name="a%22%0D%0A%0D%0A"\r\n\r\n1\r\n2\r\n3\r\n4\r\n'), text);
  truthy(text.includes('filename="q%22%0A"'), text);
});
test("an empty form is written as its end only", async () =>
  equal(await written(new FormData()), "--B--\r\n"));
test("comes back as it was", async () => {
  const form = made(
    ["a", "1"],
    ["a", "\u20ac\r\nx"],
    ['q"%22', ""],
    ["f", new File(["\u0000\r\n--x"], "n\u00e9.bin", { type: "a/b" })],
  );
  const back = await new Response(form).formData();
  const file = back.get("f");
  equal(
    [back.getAll("a"), back.get('q""'), back.get('q"%22')],
    [["1", "\u20ac\r\nx"], back.get('q""'), back.get('q"%22')],
  );
  equal([file.name, file.type, await file.text()], ["n\u00e9.bin", "a/b", "\u0000\r\n--x"]);
});

const parsed = async (text, type) => [
  ...(await new Response(text.replaceAll("\n", "\r\n"), { headers: { "content-type": type } }).formData()),
];
for (const [what, text, type, entries] of [
  [
    "one field",
    '--b\nContent-Disposition: form-data; name="a"\n\n1\n--b--\n',
    "multipart/form-data; boundary=b",
    [["a", "1"]],
  ],
  [
    "a quoted boundary",
    '--b c\nContent-Disposition: form-data; name="a"\n\n1\n--b c--\n',
    'multipart/form-data; boundary="b c"',
    [["a", "1"]],
  ],
  [
    "other parameters before the boundary",
    '--b\nContent-Disposition: form-data; name="a"\n\n1\n--b--\n',
    "multipart/form-data; charset=utf-8; boundary=b",
    [["a", "1"]],
  ],
  [
    "a type in upper case",
    '--b\nContent-Disposition: form-data; name="a"\n\n1\n--b--\n',
    "Multipart/Form-Data; Boundary=b",
    [["a", "1"]],
  ],
  [
    "header names in other cases",
    '--b\ncontent-disposition: form-data; name="a"\n\n1\n--b--\n',
    "multipart/form-data; boundary=b",
    [["a", "1"]],
  ],
  [
    "two fields of one name",
    '--b\nContent-Disposition: form-data; name="a"\n\n1\n--b\nContent-Disposition: form-data; name="a"\n\n2\n--b--\n',
    "multipart/form-data; boundary=b",
    [
      ["a", "1"],
      ["a", "2"],
    ],
  ],
  [
    "an empty value",
    '--b\nContent-Disposition: form-data; name="a"\n\n\n--b--',
    "multipart/form-data; boundary=b",
    [["a", ""]],
  ],
  [
    "a value with line breaks",
    '--b\nContent-Disposition: form-data; name="a"\n\n\n1\n\n--b--',
    "multipart/form-data; boundary=b",
    [["a", "\r\n1\r\n"]],
  ],
  ["no field", "--b--\n", "multipart/form-data; boundary=b", []],
  [
    "a type of a text",
    '--b\nContent-Disposition: form-data; name="a"\nContent-Type: text/plain; charset=utf-8\n\n\u00e9\n--b--\n',
    "multipart/form-data; boundary=b",
    [["a", "\u00e9"]],
  ],
  [
    "an urlencoded body",
    "a=1&b=%20+\u00e9&a=",
    "application/x-www-form-urlencoded",
    [
      ["a", "1"],
      ["b", "  \u00e9"],
      ["a", ""],
    ],
  ],
  [
    "an urlencoded body with parameters of its type",
    "a=1",
    "application/x-www-form-urlencoded;charset=UTF-8",
    [["a", "1"]],
  ],
  ["an empty urlencoded body", "", "application/x-www-form-urlencoded", []],
]) {
  test(`reads ${what}`, async () => equal(await parsed(text, type), entries));
}
for (const [what, text, type] of [
  ["no type", "a=1", ""],
  ["another type", "a=1", "text/plain"],
  ["no boundary", "--b--\r\n", "multipart/form-data"],
  ["an empty multipart body", "", "multipart/form-data; boundary=b"],
  ["another boundary", "--c--\n", "multipart/form-data; boundary=b"],
  [
    "a part without an end",
    '--b\nContent-Disposition: form-data; name="a"\n\n1',
    "multipart/form-data; boundary=b",
  ],
  [
    "a part without a name",
    "--b\nContent-Disposition: form-data\n\n1\n--b--",
    "multipart/form-data; boundary=b",
  ],
  ["a part without a disposition", "--b\nX: y\n\n1\n--b--", "multipart/form-data; boundary=b"],
  [
    "a part that is no form-data",
    '--b\nContent-Disposition: inline; name="a"\n\n1\n--b--',
    "multipart/form-data; boundary=b",
  ],
]) {
  test(`refuses ${what}`, () => rejects("TypeError", () => parsed(text, type)));
}
