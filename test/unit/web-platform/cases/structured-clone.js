const same = (value) => test(`clones ${show(value)}`, () => identical(structuredClone(value), value));
for (const value of [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -12345678901234567890n,
  0n,
  "",
  "\u0000\ud800",
  "\ud83d\ude00",
])
  same(value);

for (const value of [true, false, 0, -0, 1.5, Number.NaN, "", "text", 5n]) {
  test(`clones the object of ${show(value)}`, () => {
    const copy = structuredClone(Object(value));
    equal(
      [typeof copy, Object.prototype.toString.call(copy)],
      ["object", Object.prototype.toString.call(Object(value))],
    );
    identical(copy.valueOf(), value);
  });
}
for (const time of [0, -1, 8.64e15, Number.NaN]) {
  test(`clones a Date of ${time}`, () => {
    const copy = structuredClone(new Date(time));
    truthy(copy instanceof Date);
    identical(copy.getTime(), new Date(time).getTime());
  });
}
for (const pattern of [/a/, /a(?<x>b)/dgimsuy, /[\p{L}&&\w]/v, new RegExp("/"), new RegExp("\n")]) {
  test(`clones ${String(pattern)}, without its lastIndex`, () => {
    pattern.lastIndex = 3;
    const copy = structuredClone(pattern);
    equal(
      [copy.source, copy.flags, copy.lastIndex, copy instanceof RegExp],
      [pattern.source, pattern.flags, 0, true],
    );
  });
}

for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  test(`clones a ${Class.name} with its name, message, stack and cause`, () => {
    const error = new Class("told", { cause: { why: 1 } });
    error.extra = "not kept";
    const copy = structuredClone(error);
    identical(Object.getPrototypeOf(copy), Class.prototype);
    equal(
      [copy.name, copy.message, copy.stack === error.stack, copy.cause.why, "extra" in copy, copy === error],
      [Class.name, "told", true, 1, false, false],
    );
  });
}
test("clones an error without a message as one without", () =>
  equal(Object.hasOwn(structuredClone(new Error()), "message"), false));
test("clones an error of an unknown name as an Error", () => {
  const error = new Error("told");
  error.name = "Mine";
  const copy = structuredClone(error);
  equal([copy.name, copy.message, Object.getPrototypeOf(copy) === Error.prototype], ["Error", "told", true]);
});
test("clones an error by its name, not its class", () => {
  const error = new RangeError("told");
  error.name = "TypeError";
  identical(Object.getPrototypeOf(structuredClone(error)), TypeError.prototype);
});
test("does not call a getter of an error's message", () => {
  const error = new Error("told");
  Object.defineProperty(error, "message", { get: () => fail("called") });
  equal(Object.hasOwn(structuredClone(error), "message"), false);
});
test("clones a DOMException", () => {
  const error = new DOMException("told", "DataCloneError");
  const copy = structuredClone(error);
  equal(
    [copy instanceof DOMException, copy.name, copy.message, copy.code, copy === error],
    [true, "DataCloneError", "told", 25, false],
  );
});

const bufferOf = (...bytes) => new Uint8Array(bytes).buffer;
test("clones an ArrayBuffer", () => {
  const buffer = bufferOf(1, 2, 3);
  const copy = structuredClone(buffer);
  truthy(copy instanceof ArrayBuffer && copy !== buffer);
  new Uint8Array(buffer)[0] = 9;
  equal(Array.from(new Uint8Array(copy)), [1, 2, 3]);
});
test("clones a resizable ArrayBuffer as one", () => {
  const buffer = new ArrayBuffer(4, { maxByteLength: 16 });
  const copy = structuredClone(buffer);
  equal([copy.resizable, copy.maxByteLength, copy.byteLength], [true, 16, 4]);
});
for (const View of [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
]) {
  test(`clones a ${View.name} with its offset and its whole buffer`, () => {
    const view = new View(bufferOf(...Array.from({ length: 32 }, (_, at) => at)), 8, 2);
    const copy = structuredClone(view);
    truthy(copy instanceof View && copy.buffer !== view.buffer);
    equal(
      [copy.byteOffset, copy.byteLength, copy.buffer.byteLength, new Uint8Array(copy.buffer)[9]],
      [8, view.byteLength, 32, 9],
    );
  });
}
test("views of one buffer stay views of one buffer", () => {
  const buffer = bufferOf(1, 2, 3, 4);
  const copy = structuredClone({ one: new Uint8Array(buffer), other: new Uint16Array(buffer), buffer });
  identical(copy.one.buffer, copy.buffer);
  identical(copy.other.buffer, copy.buffer);
});

test("clones objects, with own enumerable properties of texts only", () => {
  const object = Object.create(
    { inherited: 1 },
    { hidden: { value: 1 }, shown: { value: [1, { a: "b" }], enumerable: true } },
  );
  object[Symbol("x")] = 1;
  const copy = structuredClone(object);
  equal(
    [Reflect.ownKeys(copy), copy.shown, Object.getPrototypeOf(copy) === Object.prototype],
    [["shown"], [1, { a: "b" }], true],
  );
});
test("calls getters, once each", () => {
  let calls = 0;
  equal(
    [
      structuredClone({
        get a() {
          calls += 1;
          return calls;
        },
      }),
      calls,
    ],
    [{ a: 1 }, 1],
  );
});
test("hands on what a getter throws", () => {
  const error = new Error("mine");
  throws(error, () =>
    structuredClone({
      get a() {
        throw error;
      },
    }),
  );
});
test("clones properties named __proto__ as properties", () => {
  const copy = structuredClone(JSON.parse('{"__proto__":{"a":1},"b":2}'));
  equal(
    [Object.keys(copy), Object.getPrototypeOf(copy) === Object.prototype, copy.a],
    [["__proto__", "b"], true, undefined],
  );
});
test("clones an object without a prototype as a plain one", () =>
  identical(Object.getPrototypeOf(structuredClone(Object.create(null))), Object.prototype));
test("clones an instance of a class as a plain object", () => {
  class Point {
    #secret = 1;
    x = 2;
    reveal() {
      return this.#secret;
    }
  }
  const copy = structuredClone(new Point());
  equal(
    [Object.keys(copy), Object.getPrototypeOf(copy) === Object.prototype, copy.reveal],
    [["x"], true, undefined],
  );
});
test("clones arrays with holes, their length, and other properties", () => {
  const array = [1, , 3];
  array.length = 5;
  array.name = "x";
  const copy = structuredClone(array);
  equal([Array.isArray(copy), copy.length, 1 in copy, copy[2], copy.name], [true, 5, false, 3, "x"]);
});
test("clones a long sparse array", () => {
  const array = [];
  array[1_000_000] = 1;
  const copy = structuredClone(array);
  equal([copy.length, Object.keys(copy)], [1_000_001, ["1000000"]]);
});
test("clones a Map and a Set with what is in them", () => {
  const key = { k: 1 };
  const copy = structuredClone(new Map([[key, new Set([key, "v"])]]));
  const [[copied, set]] = copy;
  truthy(copy instanceof Map && set instanceof Set && copied !== key);
  identical([...set][0], copied);
  equal([...set][1], "v");
});
test("does not clone other properties of a Map", () => {
  const map = new Map([["a", 1]]);
  map.extra = 2;
  equal([Object.keys(structuredClone(map)), structuredClone(map).get("a")], [[], 1]);
});
test("clones a Map that grows while it is cloned as it was", () => {
  const map = new Map();
  map.set("a", {
    get x() {
      map.set("b", 2);
      return 1;
    },
  });
  equal([...structuredClone(map).keys()], ["a"]);
});
test("keeps circles", () => {
  const object = { list: [] };
  object.self = object;
  object.list.push(object);
  const map = new Map();
  map.set(map, map);
  const copy = structuredClone({ object, map });
  identical(copy.object.self, copy.object);
  identical(copy.object.list[0], copy.object);
  identical(copy.map.get(copy.map), copy.map);
});
test("keeps what is shared shared", () => {
  const shared = {};
  const copy = structuredClone([shared, shared, {}]);
  identical(copy[0], copy[1]);
  truthy(copy[0] !== copy[2]);
});
test("clones deep nesting", () => {
  let value = 1;
  for (let depth = 0; depth < 100; depth += 1) value = [value];
  let copy = structuredClone(value);
  for (let depth = 0; depth < 100; depth += 1) [copy] = copy;
  equal(copy, 1);
});

for (const [what, value] of [
  ["a symbol", Symbol("x")],
  ["a function", () => 1],
  ["a class", class {}],
  ["an object with a function", { a: { b: () => 1 } }],
  ["a symbol's object", Object(Symbol("x"))],
  ["a promise", Promise.resolve()],
  ["a WeakMap", new WeakMap()],
  ["a WeakSet", new WeakSet()],
  ["a WeakRef", new WeakRef({})],
  ["a FinalizationRegistry", new FinalizationRegistry(() => 1)],
  ["a generator", (function* () {})()],
  ["a Proxy", new Proxy({}, {})],
  ["Headers", new Headers()],
  ["a Request", new Request("http://a")],
  ["a Response", new Response()],
  ["a URL", new URL("http://a")],
  ["parameters", new URLSearchParams()],
  ["a form", new FormData()],
  ["an event", new Event("x")],
  ["an event target", new EventTarget()],
  ["a signal", new AbortController().signal],
  ["a TextDecoder", new TextDecoder()],
  ["a map with a function", new Map([["a", () => 1]])],
]) {
  test(`refuses ${what}`, () => {
    const error = throws("DataCloneError", () => structuredClone(value));
    equal([error.code, error instanceof DOMException], [25, true]);
  });
}

test("clones a Blob and a File", async () => {
  const blob = structuredClone(new Blob(["abc"], { type: "text/x" }));
  const file = structuredClone(new File(["d\u00e9"], "name", { type: "text/y", lastModified: 7 }));
  equal(
    [blob instanceof Blob, blob instanceof File, blob.size, blob.type, await blob.text()],
    [true, false, 3, "text/x", "abc"],
  );
  equal(
    [file instanceof File, file.name, file.lastModified, file.type, await file.text()],
    [true, "name", 7, "text/y", "d\u00e9"],
  );
});

test("moves what is to be transferred", () => {
  const buffer = bufferOf(1, 2);
  const copy = structuredClone({ buffer, view: new Uint8Array(buffer) }, { transfer: [buffer] });
  equal(
    [buffer.byteLength, buffer.detached, copy.buffer.byteLength, Array.from(copy.view)],
    [0, true, 2, [1, 2]],
  );
  identical(copy.view.buffer, copy.buffer);
});
test("detaches what is to be transferred even when it is not in the value", () => {
  const buffer = bufferOf(1, 2);
  structuredClone(1, { transfer: [buffer] });
  equal(buffer.detached, true);
});
for (const [what, list] of [
  ["an object", [{}]],
  ["a view", [new Uint8Array(1)]],
  ["the same buffer twice", ((buffer) => [buffer, buffer])(bufferOf(1))],
]) {
  test(`refuses to transfer ${what}`, () =>
    throws("DataCloneError", () => structuredClone({}, { transfer: list })));
}
test("refuses to transfer a detached buffer, or to clone one", () => {
  const buffer = bufferOf(1);
  structuredClone(buffer, { transfer: [buffer] });
  throws("DataCloneError", () => structuredClone({}, { transfer: [buffer] }));
  throws("DataCloneError", () => structuredClone(buffer));
});
test("transfers nothing when it cannot clone", () => {
  const buffer = bufferOf(1);
  throws("DataCloneError", () => structuredClone({ buffer, no: () => 1 }, { transfer: [buffer] }));
  equal(buffer.detached, false);
});
test("takes undefined, null and an empty object for options", () =>
  equal([structuredClone(1, undefined), structuredClone(1, null), structuredClone(1, {})], [1, 1, 1]));
test("refuses what are no options, or no list", () => {
  throws("TypeError", () => structuredClone(1, 2));
  throws("TypeError", () => structuredClone(1, { transfer: 2 }));
  throws("TypeError", () => structuredClone(1, { transfer: null }));
});
test("needs an argument", () => {
  throws("TypeError", () => structuredClone());
  equal([structuredClone.length, structuredClone.name], [1, "structuredClone"]);
});
