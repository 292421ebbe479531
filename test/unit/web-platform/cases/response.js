test("has defaults", () => {
  const response = new Response();
  equal(
    [
      response.type,
      response.url,
      response.ok,
      response.status,
      response.statusText,
      response.body,
      response.bodyUsed,
      response.redirected,
      [...response.headers],
    ],
    ["default", "", true, 200, "", null, false, false, []],
  );
});
test("has what it was made with", () => {
  const response = new Response(null, { status: 404, statusText: "Gone \u00e9", headers: { A: "b" } });
  equal(
    [response.status, response.ok, response.statusText, response.headers.get("a")],
    [404, false, "Gone \u00e9", "b"],
  );
});
for (const status of [0, 100, 199, 600, 1000, -1, "x", Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`refuses the status ${show(status)}`, () => throws("RangeError", () => new Response("", { status })));
}
for (const [given, status] of [
  ["201", 201],
  [201.9, 201],
  [65_536 + 202, 202],
  [undefined, 200],
]) {
  test(`takes ${show(given)} for the status ${status}`, () =>
    equal(new Response("", { status: given }).status, status));
}
for (const statusText of ["\n", "a\rb", "\u0100", "\u0000", "\u007f"]) {
  test(`refuses the reason ${JSON.stringify(statusText)}`, () =>
    throws("TypeError", () => new Response("", { statusText })));
}
for (const status of [204, 205, 304]) {
  test(`has no body with the status ${status}`, () => {
    equal([new Response(null, { status }).status, new Response(undefined, { status }).body], [status, null]);
    throws("TypeError", () => new Response("", { status }));
    throws("TypeError", () => Response.json(1, { status }));
  });
}
test("ok is 200 to 299", () =>
  equal(
    [200, 299, 300, 404].map((status) => new Response(null, { status }).ok),
    [true, true, false, false],
  ));
test("takes null, undefined and functions for its options, and nothing else that is no object", () => {
  equal(
    [new Response("", null).status, new Response("", undefined).status, new Response("", () => 1).status],
    [200, 200, 200],
  );
  for (const init of [1, "x", true]) throws("TypeError", () => new Response("", init));
});
test("its attributes cannot be set", () => {
  const response = new Response();
  for (const name of [
    "type",
    "url",
    "status",
    "ok",
    "statusText",
    "headers",
    "body",
    "bodyUsed",
    "redirected",
  ])
    throws("TypeError", () => {
      response[name] = 1;
    });
});
test("gives the same headers each time", () => {
  const response = new Response("x", { headers: { a: "b" } });
  identical(response.headers, response.headers);
  const typed = new Response("x");
  identical(typed.headers, typed.headers);
});
test("copies headers that it was given", () => {
  const headers = new Headers({ a: "1" });
  const response = new Response("", { headers });
  headers.set("a", "2");
  equal(response.headers.get("a"), "1");
});
for (const headers of [null, 1, "a"]) {
  test(`refuses ${show(headers)} as headers`, () => throws("TypeError", () => new Response("", { headers })));
}

for (const [what, body, type] of [
  ["a text", "x", "text/plain;charset=UTF-8"],
  ["an empty text", "", "text/plain;charset=UTF-8"],
  ["a number", 1, "text/plain;charset=UTF-8"],
  ["an object", {}, "text/plain;charset=UTF-8"],
  ["bytes", new Uint8Array([0x78]), null],
  ["an ArrayBuffer", new ArrayBuffer(1), null],
  ["a DataView", new DataView(new ArrayBuffer(1)), null],
  ["parameters", new URLSearchParams("a=b"), "application/x-www-form-urlencoded;charset=UTF-8"],
  ["a Blob", new Blob(["x"]), null],
  ["a Blob with a type", new Blob(["x"], { type: "t/u" }), "t/u"],
  ["nothing", null, null],
]) {
  test(`has the type ${type} for ${what}, unless it is given`, () => {
    equal(new Response(body).headers.get("content-type"), type);
    equal(
      new Response(body, { headers: { "Content-Type": "own/type" } }).headers.get("content-type"),
      "own/type",
    );
    equal(new Response(body, { headers: { "content-type": "" } }).headers.get("content-type"), "");
    equal(new Response(body, { headers: { a: "b" } }).headers.get("content-type"), type);
  });
}

const BODIES = [
  ["a text", () => "a\u00e9\u0000", bytesOf("a\u00e9\u0000")],
  ["an empty text", () => "", []],
  ["a lone surrogate", () => "\ud800", [0xef, 0xbf, 0xbd]],
  ["a text with a BOM", () => "\ufeffa", [0xef, 0xbb, 0xbf, 0x61]],
  ["a number", () => 1.5, bytesOf("1.5")],
  ["bytes", () => new Uint8Array([0, 255, 0x61]), [0, 255, 0x61]],
  ["a part of a buffer", () => new Uint8Array([1, 2, 3]).subarray(1), [2, 3]],
  ["an ArrayBuffer", () => new Uint8Array([1, 2]).buffer, [1, 2]],
  ["a Float32Array", () => new Float32Array([1]), [0, 0, 0x80, 0x3f]],
  ["a DataView", () => new DataView(new Uint8Array([1, 2, 3]).buffer, 2), [3]],
  ["parameters", () => new URLSearchParams([["a", "b c"]]), bytesOf("a=b+c")],
  ["a Blob", () => new Blob(["a", new Uint8Array([255])]), [0x61, 255]],
  ["another's body", () => new Response("abc").body, bytesOf("abc")],
  ["nothing", () => null, []],
];
for (const [what, body, bytes] of BODIES) {
  test(`reads ${what} in every way`, async () => {
    equal(Array.from(new Uint8Array(await new Response(body()).arrayBuffer())), bytes);
    equal(Array.from(await new Response(body()).bytes()), bytes);
    equal(await new Response(body()).text(), new TextDecoder().decode(new Uint8Array(bytes)));
    const blob = await new Response(body(), { headers: { "content-type": "Text/X" } }).blob();
    equal([Array.from(await blob.bytes()), blob.type], [bytes, "text/x"]);
  });
}
test("the promises are of the kinds that they should be", async () => {
  const results = [
    await new Response("1").arrayBuffer(),
    await new Response("1").bytes(),
    await new Response("1").blob(),
    await new Response("1").text(),
    await new Response("1").json(),
    await new Response(new URLSearchParams()).formData(),
  ];
  equal(
    results.map((value) => Object.prototype.toString.call(value).slice(8, -1)),
    ["ArrayBuffer", "Uint8Array", "Blob", "String", "Number", "FormData"],
  );
});
for (const [text, value] of [
  ["null", null],
  ['{"a":[1,"\\u0000"]}', { a: [1, "\u0000"] }],
  [" 1 ", 1],
  ["\ufeff[]", []],
  ['"\\ud800"', "\ud800"],
  ["1e400", Number.POSITIVE_INFINITY],
  ["-0", -0],
]) {
  test(`reads the JSON ${JSON.stringify(text)}`, async () => equal(await new Response(text).json(), value));
}
for (const text of ["", "undefined", "{", "[1,]", "\ufeff\ufeff1", "NaN", "'a'"]) {
  test(`breaks its promise for the JSON ${JSON.stringify(text)}`, () =>
    rejects("SyntaxError", () => new Response(text).json()));
}
test("reads a JSON property named __proto__ as one", async () => {
  const value = await new Response('{"__proto__":{"a":1}}').json();
  equal([Object.keys(value), value.a], [["__proto__"], undefined]);
});
test("JSON of nothing is an error", () => rejects("SyntaxError", () => new Response().json()));
test("copies bytes that it was given", async () => {
  const bytes = new Uint8Array([1]);
  const response = new Response(bytes);
  bytes[0] = 2;
  equal(Array.from(await response.bytes()), [1]);
});
test("gives bytes that are the reader's own", async () => {
  const response = new Response(new Uint8Array([1]));
  const copy = response.clone();
  (await response.bytes())[0] = 2;
  equal(Array.from(await copy.bytes()), [1]);
});

for (const method of ["text", "json", "arrayBuffer", "bytes", "blob"]) {
  test(`${method} uses the body up at once, and a second time is an error`, async () => {
    const response = new Response("1");
    equal(response.bodyUsed, false);
    const promise = response[method]();
    equal(response.bodyUsed, true);
    await promise;
    equal(response.bodyUsed, true);
    for (const next of ["text", "json", "arrayBuffer", "bytes", "blob"])
      await rejects("TypeError", () => response[next]());
    throws("TypeError", () => response.clone());
  });
  test(`${method} of nothing uses nothing up`, async () => {
    const response = new Response();
    if (method === "json") await rejects("SyntaxError", () => response.json());
    else await response[method]();
    equal(response.bodyUsed, false);
    await response.text();
  });
  test(`${method} breaks its promise for what is no response`, () =>
    rejects("TypeError", () => Response.prototype[method].call({})));
}
test("an error while it is read uses the body up as well", async () => {
  const response = new Response("{");
  await rejects("SyntaxError", () => response.json());
  equal(response.bodyUsed, true);
  const other = new Response("x");
  await rejects("TypeError", () => other.formData());
  equal(other.bodyUsed, true);
});
test("body is the same each time, and used up with what it is of", async () => {
  const response = new Response("abc");
  identical(response.body, response.body);
  const next = new Response(response.body);
  equal(await next.text(), "abc");
  equal(response.bodyUsed, true);
  throws("TypeError", () => new Response(response.body));
});
test("body can be iterated", async () => {
  const chunks = [];
  for await (const chunk of new Response("abc").body) chunks.push(...chunk);
  equal(chunks, bytesOf("abc"));
});
test("body is a ReadableStream", () => {
  const { body } = new Response("abc");
  equal(
    [Object.prototype.toString.call(body), typeof body.getReader, body.locked],
    ["[object ReadableStream]", "function", false],
  );
});

test("clone has the same, and is read by itself", async () => {
  const response = new Response("abc", { status: 201, statusText: "Made", headers: { a: "b" } });
  const copy = response.clone();
  truthy(copy !== response && copy.headers !== response.headers && copy instanceof Response);
  copy.headers.set("a", "c");
  equal(
    [copy.status, copy.statusText, copy.type, copy.headers.get("content-type"), response.headers.get("a")],
    [201, "Made", "default", "text/plain;charset=UTF-8", "b"],
  );
  equal([await copy.text(), response.bodyUsed, await response.text()], ["abc", false, "abc"]);
});
test("clone of none has none, and can be cloned again", async () =>
  equal([new Response().clone().body, await new Response("a").clone().clone().text()], [null, "a"]));
test("clone of an error is one", () =>
  equal([Response.error().clone().type, Response.error().clone().status], ["error", 0]));

test("Response.error is an error", () => {
  const error = Response.error();
  equal(
    [error.type, error.status, error.statusText, error.ok, error.body, [...error.headers]],
    ["error", 0, "", false, null, []],
  );
  for (const run of [
    () => error.headers.append("a", "b"),
    () => error.headers.set("a", "b"),
    () => error.headers.delete("a"),
  ])
    throws("TypeError", run);
});
test("Response.redirect has a location, and 302 by itself", () => {
  const response = Response.redirect("https://example.com/a b?c#d");
  equal(
    [
      response.status,
      response.headers.get("location"),
      response.type,
      response.redirected,
      response.ok,
      response.url,
      response.body,
    ],
    [302, "https://example.com/a%20b?c#d", "default", false, false, "", null],
  );
  throws("TypeError", () => response.headers.set("a", "b"));
});
for (const status of [301, 302, 303, 307, 308])
  test(`Response.redirect takes ${status}`, () =>
    equal(Response.redirect("http://a", status).status, status));
for (const status of [200, 300, 304, 305, 306, 309, 400, 0, 99])
  test(`Response.redirect refuses ${status}`, () =>
    throws("RangeError", () => Response.redirect("http://a", status)));
for (const url of ["http://", "", "/x", undefined])
  test(`Response.redirect refuses ${show(url)}`, () => throws("TypeError", () => Response.redirect(url)));
test("Response.redirect looks at the URL first, and needs one", () => {
  throws("TypeError", () => Response.redirect("http://", 200));
  throws("TypeError", () => Response.redirect());
});
test("Response.json writes JSON", async () => {
  const response = Response.json(
    { a: [1, null], b: undefined, c: { toJSON: () => "x" } },
    { status: 201, statusText: "Made", headers: { a: "b" } },
  );
  equal(
    [
      response.status,
      response.statusText,
      response.headers.get("a"),
      response.headers.get("content-type"),
      await response.text(),
    ],
    [201, "Made", "b", "application/json", '{"a":[1,null],"c":"x"}'],
  );
});
test("Response.json keeps a type that it is given", () =>
  equal(Response.json(1, { headers: { "content-type": "a/b" } }).headers.get("content-type"), "a/b"));
test("Response.json escapes lone surrogates", async () =>
  equal(await Response.json("\ud800\u20ac").text(), '"\\ud800\u20ac"'));
for (const [what, value] of [
  ["undefined", undefined],
  ["a function", () => 1],
  ["a symbol", Symbol("x")],
  ["a BigInt", 1n],
  [
    "a circle",
    (() => {
      const circle = {};
      circle.self = circle;
      return circle;
    })(),
  ],
]) {
  test(`Response.json refuses ${what}`, () => throws("TypeError", () => Response.json(value)));
}
test("Response.json hands on what toJSON throws, and needs a value", () => {
  const error = new Error("mine");
  throws(error, () =>
    Response.json({
      toJSON: () => {
        throw error;
      },
    }),
  );
  throws("TypeError", () => Response.json());
});
test("a body's iterator of a script's own is not used: it is a text", async () =>
  equal(await new Response({ [Symbol.iterator]: 1, toString: () => "t" }).text(), "t"));
test("refuses a symbol as a body", () => throws("TypeError", () => new Response(Symbol("x"))));
test("hands on what a body's text throws", () => {
  const error = new Error("mine");
  throws(
    error,
    () =>
      new Response({
        toString: () => {
          throw error;
        },
      }),
  );
});
test("is tagged, needs new, has its lengths", () => {
  equal(
    [
      String(new Response()),
      Response.length,
      Response.json.length,
      Response.redirect.length,
      Response.error.length,
      Response.prototype.clone.length,
    ],
    ["[object Response]", 0, 1, 1, 0, 0],
  );
  throws("TypeError", () => Response());
  throws("TypeError", () => Response.prototype.clone.call({}));
  throws("TypeError", () => Object.getOwnPropertyDescriptor(Response.prototype, "status").get.call({}));
});
test("members are enumerable", () => {
  const names = [];
  for (const name in new Response()) names.push(name);
  equal(names.toSorted(), [
    "arrayBuffer",
    "blob",
    "body",
    "bodyUsed",
    "bytes",
    "clone",
    "formData",
    "headers",
    "json",
    "ok",
    "redirected",
    "status",
    "statusText",
    "text",
    "type",
    "url",
  ]);
});
