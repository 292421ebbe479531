for (const [what, init] of [
  ["undefined", undefined],
  ["an empty object", {}],
  ["an empty array", []],
  ["an empty Headers", new Headers()],
]) {
  test(`is empty when made of ${what}`, () => equal([...new Headers(init)], []));
}

for (const [what, init] of [
  ["null", null],
  ["a number", 1],
  ["a string", "a: b"],
  ["a boolean", true],
  ["a list of texts", ["ab", "c"]],
  ["a list with a pair of one", [["a"]]],
  ["a list with a pair of three", [["a", "b", "c"]]],
  ["a list of objects", [{ a: "b" }]],
  ["an object whose iterator is no function", { [Symbol.iterator]: 1 }],
]) {
  test(`throws a TypeError when made of ${what}`, () => throws("TypeError", () => new Headers(init)));
}

test("cannot be called without new", () => throws("TypeError", () => Headers()));

const VALUES = { name1: "value1", name2: "value2", Name3: "value3", name4: null, name5: undefined, name6: 1 };
test("reads names and values of an object", () => {
  const headers = new Headers(VALUES);
  for (const [name, value] of Object.entries(VALUES)) equal(headers.get(name), String(value));
});
test("reads pairs", () =>
  equal(
    [
      ...new Headers([
        ["b", "1"],
        ["a", "2"],
      ]),
    ],
    [
      ["a", "2"],
      ["b", "1"],
    ],
  ));
test("reads pairs of any iterable", () => {
  const pairs = new Set([["a", "1"], new Set(["b", "2"])]);
  equal(
    [...new Headers(pairs)],
    [
      ["a", "1"],
      ["b", "2"],
    ],
  );
});
test("reads what a generator yields", () => {
  function* pairs() {
    yield ["x-one", "1"];
    yield ["x-two", "2"];
  }
  equal(
    [...new Headers(pairs())],
    [
      ["x-one", "1"],
      ["x-two", "2"],
    ],
  );
});
test("copies another Headers", () => {
  const one = new Headers({ a: "1" });
  const other = new Headers(one);
  other.set("a", "2");
  equal([one.get("a"), other.get("a")], ["1", "2"]);
});
test("keeps repeats of another Headers", () => {
  const one = new Headers([
    ["a", "1"],
    ["A", "2"],
    ["set-cookie", "x"],
    ["set-cookie", "y"],
  ]);
  equal(
    [...new Headers(one)],
    [
      ["a", "1, 2"],
      ["set-cookie", "x"],
      ["set-cookie", "y"],
    ],
  );
});
test("uses an iterator that a script puts on a Headers", () => {
  const headers = new Headers({ a: "1" });
  headers[Symbol.iterator] = function* () {
    yield ["test", "test"];
  };
  equal([...new Headers(headers)], [["test", "test"]]);
});
test("combines repeats of pairs in order", () =>
  equal(
    new Headers([
      ["a", "1"],
      ["b", "x"],
      ["A", "2"],
    ]).get("a"),
    "1, 2",
  ));
test("combines names of an object that differ in case", () =>
  equal(new Headers({ a: "1", A: "2" }).get("a"), "1, 2"));

// A record is read key by key (Web IDL, "record").
const logged = (target, log) =>
  new Proxy(target, {
    get: (object, key, receiver) => (log.push(["get", key]), Reflect.get(object, key, receiver)),
    has: (object, key) => (log.push(["has", key]), Reflect.has(object, key)),
    ownKeys: (object) => (log.push(["ownKeys"]), Reflect.ownKeys(object)),
    getOwnPropertyDescriptor: (object, key) => (
      log.push(["describe", key]),
      Reflect.getOwnPropertyDescriptor(object, key)
    ),
  });
const written = (log) => log.map((step) => step.map(String).join(" "));
test("asks an object for its iterator, its keys, and then each key in turn", () => {
  const log = [];
  new Headers(logged({ a: "b", c: "d" }, log));
  equal(written(log), [
    "get Symbol(Symbol.iterator)",
    "ownKeys",
    "describe a",
    "get a",
    "describe c",
    "get c",
  ]);
});
test("does not read what is not enumerable", () => {
  const log = [];
  const record = Object.defineProperty({ c: "d" }, "a", { value: "b" });
  equal([...new Headers(logged(record, log))], [["c", "d"]]);
  equal(written(log).includes("get a"), false);
});
test("does not read what an object inherits", () => equal([...new Headers(Object.create({ a: "b" }))], []));
test("stops at the first name that is invalid", () => {
  const log = [];
  throws("TypeError", () => new Headers(logged({ a: "b", "\uffff": "d", e: "f" }, log)));
  equal(written(log).includes("get e"), false);
});
test("refuses a key that is a symbol", () =>
  throws("TypeError", () => new Headers({ a: "b", [Symbol.toStringTag]: "c" })));
test("hands on what a getter throws", () => {
  const error = new Error("mine");
  throws(
    error,
    () =>
      new Headers({
        get a() {
          throw error;
        },
      }),
  );
});
test("hands on what the iterator's getter throws", () => {
  const error = new Error("mine");
  throws(
    error,
    () =>
      new Headers({
        get [Symbol.iterator]() {
          throw error;
        },
      }),
  );
});

for (const name of [
  "",
  "a b",
  "a:b",
  "a\n",
  "\u0000",
  "(x)",
  "a,b",
  "a/b",
  "é",
  "\u212A",
  "日",
  "a\u0080",
  "{x}",
  "@",
  "=",
  "[a]",
  "\\",
  '"',
  "?",
  "<",
  ">",
  ";",
  "a\t",
]) {
  test(`refuses the name ${JSON.stringify(name)}`, () => {
    const headers = new Headers();
    for (const run of [
      () => headers.append(name, "x"),
      () => headers.set(name, "x"),
      () => headers.get(name),
      () => headers.has(name),
      () => headers.delete(name),
      () => new Headers([[name, "x"]]),
    ])
      throws("TypeError", run);
  });
}
for (const name of [
  "x!#$%&'*+-.^_`|~09azAZ",
  "0",
  "X-TEST",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
]) {
  test(`takes the name ${name}`, () => {
    const headers = new Headers([[name, "v"]]);
    equal(
      [headers.get(name), headers.has(name.toLowerCase()), [...headers.keys()]],
      ["v", true, [name.toLowerCase()]],
    );
    headers.delete(name);
    equal([...headers], []);
  });
}
for (const value of ["a\u0000b", "a\nb", "a\rb", "a\r\nb", "\u0100", "日", "a\ud800"]) {
  test(`refuses the value ${JSON.stringify(value)}`, () => {
    throws("TypeError", () => new Headers().append("a", value));
    throws("TypeError", () => new Headers().set("a", value));
    throws("TypeError", () => new Headers({ a: value }));
  });
}
for (const [given, kept] of [
  [" a", "a"],
  ["a \t", "a"],
  ["\r\n\t a b\t c \n", "a b\t c"],
  ["   ", ""],
  ["", ""],
  ["\u00a0a\u00a0", "\u00a0a\u00a0"],
  ["\u000ba\u000c", "\u000ba\u000c"],
  ["\u0001\u007f", "\u0001\u007f"],
  ["\u0080\u00ff", "\u0080\u00ff"],
]) {
  test(`keeps the value ${JSON.stringify(given)} without the white space around it`, () => {
    equal(new Headers({ a: given }).get("a"), kept);
    const headers = new Headers();
    headers.append("a", given);
    headers.set("b", given);
    equal([headers.get("a"), headers.get("b")], [kept, kept]);
  });
}
for (const [what, value, text] of [
  ["null", null, "null"],
  ["undefined", undefined, "undefined"],
  ["a number", 1.5, "1.5"],
  ["an array", ["a", "b"], "a,b"],
  ["an object", { toString: () => "x" }, "x"],
]) {
  test(`takes ${what} for a text`, () => {
    const headers = new Headers();
    headers.append("a", value);
    equal(headers.get("a"), text);
  });
}
test("refuses a symbol as a value", () => throws("TypeError", () => new Headers().set("a", Symbol("x"))));
test("refuses a symbol as a name", () => throws("TypeError", () => new Headers().get(Symbol("x"))));

for (const [method, given] of [
  ["append", []],
  ["append", ["a"]],
  ["set", []],
  ["set", ["a"]],
  ["get", []],
  ["has", []],
  ["delete", []],
  ["forEach", []],
  ["forEach", [1]],
]) {
  test(`${method} throws a TypeError when it is given just (${given})`, () =>
    throws("TypeError", () => new Headers({ a: "b" })[method](...given)));
}

test("get combines, has tells, delete removes all of a name", () => {
  const headers = new Headers([
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ]);
  equal(
    [headers.get("A"), headers.has("A"), headers.get("c"), headers.has("c")],
    ["1, 3", true, null, false],
  );
  headers.delete("A");
  equal([...headers], [["b", "2"]]);
});
test("get gives an empty text for an empty value", () => equal(new Headers({ a: "" }).get("a"), ""));
test("combines empty values as well", () =>
  equal(
    new Headers([
      ["a", ""],
      ["a", ""],
      ["a", "x"],
    ]).get("a"),
    ", , x",
  ));
test("set replaces all of a name in the first's place", () => {
  const headers = new Headers([
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ]);
  headers.set("A", "4");
  equal(
    [...headers],
    [
      ["a", "4"],
      ["b", "2"],
    ],
  );
});
test("set adds a name that is not there", () => {
  const headers = new Headers();
  headers.set("B", "2");
  headers.set("a", "1");
  equal(
    [...headers],
    [
      ["a", "1"],
      ["b", "2"],
    ],
  );
});
test("delete of a name that is not there does nothing", () => {
  const headers = new Headers({ a: "1" });
  equal(headers.delete("b"), undefined);
  equal([...headers], [["a", "1"]]);
});
test("append, set and forEach give undefined", () => {
  const headers = new Headers();
  equal(
    [headers.append("a", "b"), headers.set("a", "b"), headers.forEach(() => 1)],
    [undefined, undefined, undefined],
  );
});

test("getSetCookie gives each in order", () => {
  const headers = new Headers([
    ["set-cookie", "a=b"],
    ["x", "y"],
    ["Set-Cookie", "c=d, e"],
    ["SET-COOKIE", ""],
  ]);
  equal(headers.getSetCookie(), ["a=b", "c=d, e", ""]);
});
test("getSetCookie gives an empty list when there is none", () => equal(new Headers().getSetCookie(), []));
test("get combines set-cookie, iteration does not", () => {
  const headers = new Headers([
    ["set-cookie", "a"],
    ["set-cookie", "b"],
  ]);
  equal(
    [headers.get("set-cookie"), [...headers]],
    [
      "a, b",
      [
        ["set-cookie", "a"],
        ["set-cookie", "b"],
      ],
    ],
  );
});
test("set and delete reach all of set-cookie", () => {
  const headers = new Headers([
    ["set-cookie", "a"],
    ["set-cookie", "b"],
  ]);
  headers.set("Set-Cookie", "c");
  equal(headers.getSetCookie(), ["c"]);
  headers.append("set-cookie", "d");
  headers.delete("set-cookie");
  equal([headers.getSetCookie(), headers.has("set-cookie")], [[], false]);
});
test("sorts names, with set-cookie where it belongs", () => {
  const headers = new Headers([
    ["x-b", "1"],
    ["set-cookie", "2"],
    ["accept", "3"],
    ["set-cookie", "4"],
    ["x-a", "5"],
  ]);
  equal([...headers.keys()], ["accept", "set-cookie", "set-cookie", "x-a", "x-b"]);
});

for (const method of ["entries", "keys", "values", Symbol.iterator]) {
  test(`${String(method)} gives an iterator that is one itself`, () => {
    const iterator = new Headers({ a: "1" })[method]();
    identical(iterator[Symbol.iterator](), iterator);
    equal([iterator.next().done, iterator.next().done, iterator.next().done], [false, true, true]);
  });
}
test("iterators are of one class, which inherits from the engine's iterators", () => {
  const prototype = Object.getPrototypeOf(new Headers().entries());
  identical(prototype, Object.getPrototypeOf(new Headers().keys()));
  identical(Object.getPrototypeOf(prototype), Iterator.prototype);
  equal(Object.prototype.toString.call(new Headers().values()), "[object Headers Iterator]");
  equal(Object.getOwnPropertyNames(prototype), ["next"]);
});
test("next refuses any other object", () => {
  const { next } = new Headers().entries();
  throws("TypeError", () => next.call({}));
  throws("TypeError", () => next.call(undefined));
});
test("entries is what for...of uses", () =>
  identical(Headers.prototype.entries, Headers.prototype[Symbol.iterator]));
test("entries gives a new pair each time", () => {
  const headers = new Headers({ a: "1" });
  const [pair] = headers;
  pair[1] = "2";
  equal([...headers], [["a", "1"]]);
});
test("an iteration sees what is added while it goes on", () => {
  const headers = new Headers([
    ["fake", "1"],
    ["b", "2"],
  ]);
  const seen = [];
  for (const [name] of headers) {
    seen.push(name);
    if (name === "b") headers.append("x-extra", "3");
  }
  equal(seen, ["b", "fake", "x-extra"]);
});
test("an iteration goes on by place when something is removed", () => {
  const headers = new Headers([
    ["a", "1"],
    ["b", "2"],
    ["c", "3"],
  ]);
  const seen = [];
  for (const [name] of headers) {
    seen.push(name);
    headers.delete(name);
  }
  equal(seen, ["a", "c"]);
});
test("forEach gives value, name and the headers, in order", () => {
  const headers = new Headers([
    ["b", "2"],
    ["a", "1"],
  ]);
  const seen = [];
  headers.forEach(
    function (value, name, all) {
      seen.push([value, name, all === headers, this.mark]);
    },
    { mark: 7 },
  );
  equal(seen, [
    ["1", "a", true, 7],
    ["2", "b", true, 7],
  ]);
});

for (const method of [
  "append",
  "delete",
  "get",
  "getSetCookie",
  "has",
  "set",
  "forEach",
  "entries",
  "keys",
  "values",
]) {
  test(`${method} refuses what are no headers`, () =>
    throws("TypeError", () => Headers.prototype[method].call({}, "a", "b")));
}
for (const [method, length] of [
  ["append", 2],
  ["delete", 1],
  ["get", 1],
  ["getSetCookie", 0],
  ["has", 1],
  ["set", 2],
  ["forEach", 1],
  ["entries", 0],
  ["keys", 0],
  ["values", 0],
]) {
  test(`${method} has a length of ${length}, its name, and is enumerable`, () => {
    const found = Object.getOwnPropertyDescriptor(Headers.prototype, method);
    equal(
      [found.value.length, found.value.name, found.enumerable, found.writable, found.configurable],
      [length, method, true, true, true],
    );
  });
}
test("has a length of 0, a tag, and a global that is not enumerable", () => {
  const found = Object.getOwnPropertyDescriptor(globalThis, "Headers");
  equal(
    [Headers.length, Headers.name, String(new Headers()), found.enumerable, found.writable],
    [0, "Headers", "[object Headers]", false, true],
  );
});
