const URL_A = "https://example.com/a";
test("has defaults", () => {
  const request = new Request(URL_A);
  equal(
    [request.method, request.url, request.redirect, request.body, request.bodyUsed, [...request.headers]],
    ["GET", URL_A, "follow", null, false, []],
  );
  truthy(request.signal instanceof AbortSignal);
  equal(request.signal.aborted, false);
});
test("has the other attributes of the standard", () => {
  const request = new Request(URL_A);
  equal(
    [
      request.cache,
      request.credentials,
      request.destination,
      request.integrity,
      request.isHistoryNavigation,
      request.isReloadNavigation,
      request.keepalive,
      request.mode,
      request.referrer,
      request.referrerPolicy,
      request.duplex,
    ],
    ["default", "same-origin", "", "", false, false, false, "cors", "about:client", "", "half"],
  );
});
for (const [given, url] of [
  ["https://EXAMPLE.com", "https://example.com/"],
  [new URL("https://a/b?c#d"), "https://a/b?c#d"],
  [{ toString: () => "https://a" }, "https://a/"],
  ["https://a/\u00e9 x", "https://a/%C3%A9%20x"],
  ["https://a/../b", "https://a/b"],
]) {
  test(`takes ${show(given)} for a URL`, () => equal(new Request(given).url, url));
}
for (const url of ["", "/a", "http://", "https://user@a", "https://user:pw@a", "https://:pw@a", undefined]) {
  test(`refuses the URL ${show(url)}`, () => throws("TypeError", () => new Request(url)));
}
for (const [given, method] of [
  ["get", "GET"],
  ["post", "POST"],
  ["Put", "PUT"],
  ["delete", "DELETE"],
  ["head", "HEAD"],
  ["options", "OPTIONS"],
  ["patch", "patch"],
  ["PATCH", "PATCH"],
  ["Custom-1", "Custom-1"],
]) {
  test(`takes the method ${given} as ${method}`, () =>
    equal(new Request(URL_A, { method: given }).method, method));
}
for (const method of ["", "a b", "a\n", "CONNECT", "connect", "TRACE", "TrAcK", "(", "\u00e9", "GET,POST"]) {
  test(`refuses the method ${JSON.stringify(method)}`, () =>
    throws("TypeError", () => new Request(URL_A, { method })));
}
test("reads the method null as a name, and undefined as none", () =>
  equal(
    [new Request(URL_A, { method: null }).method, new Request(URL_A, { method: undefined }).method],
    ["null", "GET"],
  ));
for (const redirect of ["follow", "error", "manual"])
  test(`takes the redirect ${redirect}`, () => equal(new Request(URL_A, { redirect }).redirect, redirect));
for (const [name, value] of [
  ["redirect", "x"],
  ["redirect", "Follow"],
  ["cache", "x"],
  ["cache", "only-if-cached"],
  ["credentials", "x"],
  ["mode", "navigate"],
  ["mode", "x"],
  ["referrerPolicy", "x"],
  ["duplex", "x"],
  ["window", "x"],
  ["priority", "x"],
]) {
  test(`refuses ${name} ${value}`, () => throws("TypeError", () => new Request(URL_A, { [name]: value })));
}
test("takes no other options than an object, null or undefined", () => {
  equal(
    [
      new Request(URL_A, null).method,
      new Request(URL_A, undefined).method,
      new Request(URL_A, () => 1).method,
    ],
    ["GET", "GET", "GET"],
  );
  for (const init of [1, "x", true]) throws("TypeError", () => new Request(URL_A, init));
});
test("needs an argument", () => {
  throws("TypeError", () => new Request());
  throws("TypeError", () => Request(URL_A));
});
test("copies headers that it is given, and takes all kinds", () => {
  const headers = new Headers({ a: "1" });
  const request = new Request(URL_A, { headers });
  headers.set("a", "2");
  equal(
    [
      request.headers.get("a"),
      new Request(URL_A, { headers: [["b", "1"]] }).headers.get("b"),
      new Request(URL_A, { headers: { c: 1 } }).headers.get("c"),
    ],
    ["1", "1", "1"],
  );
  identical(request.headers, request.headers);
});
for (const headers of [null, 1, "a"])
  test(`refuses ${show(headers)} as headers`, () =>
    throws("TypeError", () => new Request(URL_A, { headers })));

for (const method of ["GET", "HEAD", "get", "head"]) {
  test(`refuses a body with ${method}`, () => {
    for (const body of ["", "x", new Blob()]) throws("TypeError", () => new Request(URL_A, { method, body }));
    equal(
      [new Request(URL_A, { method, body: null }).body, new Request(URL_A, { method, body: undefined }).body],
      [null, null],
    );
  });
}
for (const [what, body, type, text] of [
  ["a text", "x\u00e9", "text/plain;charset=UTF-8", "x\u00e9"],
  ["bytes", new Uint8Array([0x78]), null, "x"],
  ["parameters", new URLSearchParams("a=b"), "application/x-www-form-urlencoded;charset=UTF-8", "a=b"],
  ["a Blob", new Blob(["x"], { type: "t/u" }), "t/u", "x"],
  ["an object", { toString: () => "o" }, "text/plain;charset=UTF-8", "o"],
]) {
  test(`takes ${what} for a body`, async () => {
    const request = new Request(URL_A, { method: "POST", body });
    equal(
      [request.headers.get("content-type"), request.bodyUsed, await request.text(), request.bodyUsed],
      [type, false, text, true],
    );
    equal(
      new Request(URL_A, { method: "POST", body, headers: { "content-type": "own/type" } }).headers.get(
        "content-type",
      ),
      "own/type",
    );
  });
}
test("takes a form for a body", async () => {
  const form = new FormData();
  form.append("a", "\u20ac");
  const request = new Request(URL_A, { method: "POST", body: form });
  truthy(request.headers.get("content-type").startsWith("multipart/form-data; boundary="));
  equal([...(await request.formData())], [["a", "\u20ac"]]);
});
for (const method of ["text", "json", "arrayBuffer", "bytes", "blob"]) {
  test(`${method} can be called once`, async () => {
    const request = new Request(URL_A, { method: "POST", body: "1" });
    await request[method]();
    equal(request.bodyUsed, true);
    await rejects("TypeError", () => request[method]());
    throws("TypeError", () => request.clone());
    throws("TypeError", () => new Request(request));
  });
}
test("reads nothing as nothing", async () => {
  equal(
    [
      await new Request(URL_A).text(),
      (await new Request(URL_A).arrayBuffer()).byteLength,
      (await new Request(URL_A).blob()).size,
    ],
    ["", 0, 0],
  );
  await rejects("SyntaxError", () => new Request(URL_A).json());
  await rejects("TypeError", () => new Request(URL_A).formData());
});

test("a Request made of one has the same, and takes its body", async () => {
  const one = new Request(URL_A, { method: "PUT", headers: { a: "b" }, body: "x", redirect: "manual" });
  const other = new Request(one);
  equal(
    [
      other.method,
      other.url,
      other.headers.get("a"),
      other.headers.get("content-type"),
      other.redirect,
      one.bodyUsed,
      other.bodyUsed,
    ],
    ["PUT", URL_A, "b", "text/plain;charset=UTF-8", "manual", true, false],
  );
  equal(await other.text(), "x");
  truthy(one.headers !== other.headers);
});
test("what is given replaces what the other has", async () => {
  const one = new Request(URL_A, { method: "PUT", headers: { a: "b" }, body: "x" });
  const other = new Request(one, { method: "POST", headers: { c: "d" }, body: "y" });
  equal(
    [other.method, [...other.headers], await other.text(), one.bodyUsed],
    [
      "POST",
      [
        ["c", "d"],
        ["content-type", "text/plain;charset=UTF-8"],
      ],
      "y",
      false,
    ],
  );
});
test("a null body keeps the other's", async () => {
  const one = new Request(URL_A, { method: "POST", body: "x" });
  const other = new Request(one, { body: null });
  equal([await other.text(), one.bodyUsed], ["x", true]);
});
test("a body of the other's with GET is an error, and leaves it unread", () => {
  const one = new Request(URL_A, { method: "POST", body: "x" });
  throws("TypeError", () => new Request(one, { method: "GET" }));
  equal(one.bodyUsed, false);
});
test("a used body is an error, unless another is given", async () => {
  const one = new Request(URL_A, { method: "POST", body: "x" });
  await one.text();
  throws("TypeError", () => new Request(one));
  equal(await new Request(one, { body: "y" }).text(), "y");
});
test("a Request as options of another", async () => {
  const one = new Request(URL_A, { method: "POST", headers: { a: "b" }, body: "x" });
  const other = new Request("https://example.com/b", one);
  equal(
    [other.url, other.method, other.headers.get("a"), await other.text()],
    ["https://example.com/b", "POST", "b", "x"],
  );
});
test("clone has the same, and is read by itself", async () => {
  const one = new Request(URL_A, { method: "POST", headers: { a: "b" }, body: "x", redirect: "error" });
  const copy = one.clone();
  copy.headers.set("a", "c");
  equal(
    [
      copy.method,
      copy.url,
      copy.redirect,
      one.headers.get("a"),
      await copy.text(),
      one.bodyUsed,
      await one.text(),
    ],
    ["POST", URL_A, "error", "b", "x", false, "x"],
  );
});

test("follows a signal that it is given", () => {
  const controller = new AbortController();
  const request = new Request(URL_A, { signal: controller.signal });
  truthy(request.signal !== controller.signal);
  identical(request.signal, request.signal);
  controller.abort("why");
  equal([request.signal.aborted, request.signal.reason], [true, "why"]);
});
test("begins aborted with an aborted signal", () =>
  equal(new Request(URL_A, { signal: AbortSignal.abort("why") }).signal.reason, "why"));
test("a Request made of one, and a clone, follow its signal", () => {
  const controller = new AbortController();
  const one = new Request(URL_A, { signal: controller.signal });
  const other = new Request(one);
  const copy = one.clone();
  controller.abort();
  equal([other.signal.aborted, copy.signal.aborted, other.signal === one.signal], [true, true, false]);
});
test("a null signal does away with the other's", () => {
  const controller = new AbortController();
  const other = new Request(new Request(URL_A, { signal: controller.signal }), { signal: null });
  controller.abort();
  equal(other.signal.aborted, false);
});
for (const signal of [1, {}, "x", new EventTarget()])
  test(`refuses ${show(signal)} as a signal`, () =>
    throws("TypeError", () => new Request(URL_A, { signal })));

test("its attributes cannot be set, but for method and url", () => {
  const request = new Request(URL_A);
  for (const name of ["headers", "body", "bodyUsed", "redirect", "signal"])
    throws("TypeError", () => {
      request[name] = 1;
    });
});
test("is tagged, and refuses other objects", async () => {
  equal(
    [String(new Request(URL_A)), Request.length, Request.prototype.clone.length],
    ["[object Request]", 1, 0],
  );
  throws("TypeError", () => Request.prototype.clone.call({}));
  throws("TypeError", () =>
    Object.getOwnPropertyDescriptor(Request.prototype, "url").get.call(new Response()),
  );
  await rejects("TypeError", () => Request.prototype.text.call(new Response()));
});
