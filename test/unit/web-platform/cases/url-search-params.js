for (const [given, pairs] of [
  ["", []],
  ["?", []],
  ["&", []],
  ["&&&", []],
  ["a", [["a", ""]]],
  ["a=", [["a", ""]]],
  ["=", [["", ""]]],
  ["=b", [["", "b"]]],
  ["a=b", [["a", "b"]]],
  ["a=b=c", [["a", "b=c"]]],
  [
    "a=b&c=d&",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [
    "?a=b&?c=d",
    [
      ["a", "b"],
      ["?c", "d"],
    ],
  ],
  ["??a=b", [["?a", "b"]]],
  ["a+b=c+d", [["a b", "c d"]]],
  ["a%20b=c%2Bd", [["a b", "c+d"]]],
  ["a=%", [["a", "%"]]],
  ["a=%2", [["a", "%2"]]],
  [
    "a=%zz&%e=f",
    [
      ["a", "%zz"],
      ["%e", "f"],
    ],
  ],
  ["a=%00b", [["a", "\u0000b"]]],
  ["a\u0000b=c", [["a\u0000b", "c"]]],
  ["a=\u2384", [["a", "\u2384"]]],
  ["a=%e2%8e%84", [["a", "\u2384"]]],
  [
    "\ud83d\udca9=x&%F0%9F%92%A9=y",
    [
      ["\ud83d\udca9", "x"],
      ["\ud83d\udca9", "y"],
    ],
  ],
  ["a=\ud83d", [["a", "\ufffd"]]],
  ["a=%ff%c3", [["a", "\ufffd\ufffd"]]],
  ["a=%EF%BB%BFb", [["a", "\ufeffb"]]],
  [
    "id=0&value=%",
    [
      ["id", "0"],
      ["value", "%"],
    ],
  ],
  ["b=%2sf%2a", [["b", "%2sf*"]]],
  ["b=%2%2af%2a", [["b", "%2*f*"]]],
  [
    "__proto__=a&constructor=b",
    [
      ["__proto__", "a"],
      ["constructor", "b"],
    ],
  ],
  ["a=%41%7a", [["a", "Az"]]],
]) {
  test(`reads ${JSON.stringify(given)}`, () => equal([...new URLSearchParams(given)], pairs));
}

for (const [what, init, text] of [
  ["undefined", undefined, ""],
  ["null", null, "null="],
  ["a number", 1, "1="],
  ["true", true, "true="],
  ["an empty object", {}, ""],
  ["an object", { a: "b", c: 1, d: null, e: undefined }, "a=b&c=1&d=null&e=undefined"],
  [
    "an object with lone surrogates",
    { "x\udc53": "1", xx: "2", "x\udc53y": "\ud83d" },
    "x%EF%BF%BD=1&xx=2&x%EF%BF%BDy=%EF%BF%BD",
  ],
  [
    "an object with names that come to the same",
    { "x\udc53": "1", "x\udc5c": "2", "x\udc65": "3" },
    "x%EF%BF%BD=3",
  ],
  ["an empty list", [], ""],
  [
    "pairs",
    [
      ["a", "b"],
      ["a", "c"],
    ],
    "a=b&a=c",
  ],
  ["pairs that are sets", [new Set(["a", "b"])], "a=b"],
  ["a Map", new Map([["a", "b"]]), "a=b"],
  ["other parameters", new URLSearchParams("a=b&c"), "a=b&c="],
  [
    "FormData",
    (() => {
      const form = new FormData();
      form.append("a", "b");
      return form;
    })(),
    "a=b",
  ],
  ["a function", Object.assign(() => 1, { a: "b" }), "a=b"],
  [
    "a date",
    new (class extends Date {
      constructor() {
        super(0);
        this.a = "b";
      }
    })(),
    "a=b",
  ],
]) {
  test(`is made of ${what}`, () => equal(String(new URLSearchParams(init)), text));
}
for (const [what, init] of [
  ["a pair of one", [["a"]]],
  ["a pair of three", [["a", "b", "c"]]],
  ["a text object, which is iterable", Object("a=b")],
  ["a list of a number", [1]],
  ["a list of an object", [{}]],
  ["a list of null", [null]],
  ["an iterator that is no function", { [Symbol.iterator]: 1 }],
  ["a symbol", Symbol("x")],
  ["an object with a symbol", { [Symbol("x")]: "a" }],
  ["DOMException.prototype", DOMException.prototype],
]) {
  test(`throws a TypeError when made of ${what}`, () => throws("TypeError", () => new URLSearchParams(init)));
}
test("reads DOMException's constants", () =>
  equal(new URLSearchParams(DOMException).get("INDEX_SIZE_ERR"), "1"));
test("uses an iterator that a script puts on parameters", () => {
  const params = new URLSearchParams("a=b");
  params[Symbol.iterator] = function* () {
    yield ["c", "d"];
  };
  equal(String(new URLSearchParams(params)), "c=d");
});
test("a copy is its own", () => {
  const one = new URLSearchParams("a=b");
  const other = new URLSearchParams(one);
  one.append("c", "d");
  equal([String(one), String(other)], ["a=b&c=d", "a=b"]);
});
test("hands on what a getter throws", () => {
  const error = new Error("mine");
  throws(
    error,
    () =>
      new URLSearchParams({
        get a() {
          throw error;
        },
      }),
  );
});

for (const [name, value, text] of [
  ["a", "b c", "a=b+c"],
  ["a", "", "a="],
  ["", "b", "=b"],
  ["", "", "="],
  ["a b", "c", "a+b=c"],
  ["a", "b=c&d", "a=b%3Dc%26d"],
  ["a", "b+c", "a=b%2Bc"],
  ["a", "b-c_d.e*f", "a=b-c_d.e*f"],
  ["a", "b%c", "a=b%25c"],
  ["a", "b\u0000c", "a=b%00c"],
  ["a", "b\ud83d\udca9c", "a=b%F0%9F%92%A9c"],
  ["a", "~!'()", "a=%7E%21%27%28%29"],
  ["a", "\u0080\u07ff\uffff", "a=%C2%80%DF%BF%EF%BF%BF"],
  ["a", "\n\r", "a=%0A%0D"],
  ["a", "#?/:@[]$,;", "a=%23%3F%2F%3A%40%5B%5D%24%2C%3B"],
  ["a", null, "a=null"],
  ["a", undefined, "a=undefined"],
  ["a", 1.5, "a=1.5"],
]) {
  test(`writes ${JSON.stringify(name)} and ${JSON.stringify(value)} as ${text}`, () => {
    const params = new URLSearchParams();
    params.append(name, value);
    equal(params.toString(), text);
  });
}

test("append adds at the end, whatever is there", () => {
  const params = new URLSearchParams("a=b");
  params.append("a", "c");
  params.append("first", 1);
  equal(String(params), "a=b&a=c&first=1");
});
test("get gives the first, getAll each, and null or an empty list when there is none", () => {
  const params = new URLSearchParams("a=1&b=2&a=3&a");
  equal(
    [params.get("a"), params.getAll("a"), params.get("c"), params.getAll("c"), params.get("b")],
    ["1", ["1", "3", ""], null, [], "2"],
  );
});
test("has tells, with a value too", () => {
  const params = new URLSearchParams("a=b&a=d&c&e&null=null");
  equal(
    [
      ["a"],
      ["z"],
      ["a", "b"],
      ["a", "c"],
      ["a", "d"],
      ["e", ""],
      ["a", undefined],
      ["null", null],
      [null],
    ].map((given) => params.has(...given)),
    [true, false, true, false, true, true, true, true, true],
  );
});
test("delete removes all of a name", () => {
  const params = new URLSearchParams("a=b&c=d&a=e");
  params.delete("a");
  equal(String(params), "c=d");
});
test("delete with a value removes those of it only", () => {
  const params = new URLSearchParams("a=b&a=d&c&e&");
  params.delete("a", "b");
  params.delete("c", undefined);
  equal(String(params), "a=d&e=");
});
test("set replaces the first and removes the others, or adds", () => {
  const params = new URLSearchParams("a=1&b=2&a=3");
  params.set("a", "x");
  params.set("c", "y");
  equal(String(params), "a=x&b=2&c=y");
});
test("size counts", () => {
  const params = new URLSearchParams("a=1&b=2&a=3");
  equal(params.size, 3);
  params.delete("a");
  equal([params.size, new URLSearchParams().size], [1, 0]);
  throws("TypeError", () => {
    params.size = 5;
  });
});

for (const [given, sorted] of [
  ["z=b&a=b&z=a&a=a", "a=b&a=a&z=b&z=a"],
  ["\ufffd=x&\ufffc&\ufffd=a", "%EF%BF%BC=&%EF%BF%BD=x&%EF%BF%BD=a"],
  // By UTF-16 code units: a surrogate comes before U+FB03.
  ["\ufb03&\ud83c\udf08", "%F0%9F%8C%88=&%EF%AC%83="],
  ["\u00e9&e\ufffd&e\u0301", "e%CC%81=&e%EF%BF%BD=&%C3%A9="],
  ["z=z&a=a&z=y&a=b&z=x&a=c&z=w&a=d&z=v&a=e", "a=a&a=b&a=c&a=d&a=e&z=z&z=y&z=x&z=w&z=v"],
  ["bbb&bb&aaa&aa=x&aa=y", "aa=x&aa=y&aaa=&bb=&bbb="],
  ["", ""],
]) {
  test(`sorts ${JSON.stringify(given)}`, () => {
    const params = new URLSearchParams(given);
    params.sort();
    equal(String(params), sorted);
  });
}
test("sorting a URL's empty parameters removes its question mark", () => {
  const url = new URL("http://example.com/?");
  url.searchParams.sort();
  equal([url.href, url.search], ["http://example.com/", ""]);
});

test("iterates in order, and forEach gives value, name, parameters", () => {
  const params = new URLSearchParams("a=1&b=2&a=3");
  const seen = [];
  params.forEach(
    function (value, name, all) {
      seen.push([value, name, all === params, this.mark]);
    },
    { mark: 7 },
  );
  equal(
    [[...params.keys()], [...params.values()], seen],
    [
      ["a", "b", "a"],
      ["1", "2", "3"],
      [
        ["1", "a", true, 7],
        ["2", "b", true, 7],
        ["3", "a", true, 7],
      ],
    ],
  );
});
test("an iteration goes on by place when the next is deleted", () => {
  const params = new URLSearchParams("a=0&b=1&c=2");
  const seen = [];
  for (const [name, value] of params) {
    params.delete("b");
    seen.push(name + value);
  }
  equal(seen, ["a0", "c2"]);
});
test("an iteration over a URL's parameters sees the URL change", () => {
  const url = new URL("http://a.b/c?a=1&b=2&c=3&d=4");
  const seen = [];
  for (const [name] of url.searchParams) {
    url.search = "x=1&y=2&z=3";
    seen.push(name);
  }
  equal(seen, ["a", "y", "z"]);
});
test("deleting all while iterating ends it", () => {
  const params = new URLSearchParams("a=1&b=2&c=3");
  const seen = [];
  for (const [name] of params) {
    seen.push(name);
    for (const key of [...params.keys()]) params.delete(key);
  }
  equal(seen, ["a"]);
});
test("iterators are of one class with a tag", () => {
  const iterator = new URLSearchParams("a=b").keys();
  equal(Object.prototype.toString.call(iterator), "[object URLSearchParams Iterator]");
  identical(Object.getPrototypeOf(Object.getPrototypeOf(iterator)), Iterator.prototype);
  identical(URLSearchParams.prototype[Symbol.iterator], URLSearchParams.prototype.entries);
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
    throws("TypeError", () => new URLSearchParams("a=b")[method](...given)));
}
for (const [method, length] of [
  ["append", 2],
  ["delete", 1],
  ["get", 1],
  ["getAll", 1],
  ["has", 1],
  ["set", 2],
  ["sort", 0],
  ["forEach", 1],
  ["entries", 0],
  ["keys", 0],
  ["values", 0],
  ["toString", 0],
]) {
  test(`${method} has a length of ${length}, is enumerable, and refuses what are no parameters`, () => {
    const found = Object.getOwnPropertyDescriptor(URLSearchParams.prototype, method);
    equal([found.value.length, found.value.name, found.enumerable], [length, method, true]);
    throws("TypeError", () => found.value.call({}, "a", "b"));
  });
}
test("has a length of 0, a tag, and needs new", () => {
  equal(
    [URLSearchParams.length, Object.prototype.toString.call(new URLSearchParams())],
    [0, "[object URLSearchParams]"],
  );
  throws("TypeError", () => URLSearchParams("a=b"));
});
