const PARTS = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
];
const BLANK = { username: "", password: "", port: "", search: "", hash: "" };

// Each with what its parts are, where they are not empty.
for (const [given, base, parts] of [
  [
    "http://example.com",
    undefined,
    {
      href: "http://example.com/",
      origin: "http://example.com",
      protocol: "http:",
      host: "example.com",
      hostname: "example.com",
      pathname: "/",
    },
  ],
  [
    "http://user:pass@foo:21/bar;par?b#c",
    undefined,
    {
      href: "http://user:pass@foo:21/bar;par?b#c",
      origin: "http://foo:21",
      protocol: "http:",
      username: "user",
      password: "pass",
      host: "foo:21",
      hostname: "foo",
      port: "21",
      pathname: "/bar;par",
      search: "?b",
      hash: "#c",
    },
  ],
  [
    "https://test:@test",
    undefined,
    {
      href: "https://test@test/",
      origin: "https://test",
      protocol: "https:",
      username: "test",
      host: "test",
      hostname: "test",
      pathname: "/",
    },
  ],
  [
    "http:foo.com",
    "http://example.org/foo/bar",
    {
      href: "http://example.org/foo/foo.com",
      origin: "http://example.org",
      protocol: "http:",
      host: "example.org",
      hostname: "example.org",
      pathname: "/foo/foo.com",
    },
  ],
  [
    "\t   :foo.com   \n",
    "http://example.org/foo/bar",
    {
      href: "http://example.org/foo/:foo.com",
      origin: "http://example.org",
      protocol: "http:",
      host: "example.org",
      hostname: "example.org",
      pathname: "/foo/:foo.com",
    },
  ],
  [
    "a:\t foo.com",
    "http://example.org/foo/bar",
    { href: "a: foo.com", origin: "null", protocol: "a:", host: "", hostname: "", pathname: " foo.com" },
  ],
  [
    "http://f:21/ b ? d # e ",
    undefined,
    {
      href: "http://f:21/%20b%20?%20d%20#%20e",
      origin: "http://f:21",
      protocol: "http:",
      host: "f:21",
      hostname: "f",
      port: "21",
      pathname: "/%20b%20",
      search: "?%20d%20",
      hash: "#%20e",
    },
  ],
  [
    "http://f:00000000000000000000080/c",
    undefined,
    { href: "http://f/c", origin: "http://f", protocol: "http:", host: "f", hostname: "f", pathname: "/c" },
  ],
  [
    "//foo/bar",
    "https://example.org/x",
    {
      href: "https://foo/bar",
      origin: "https://foo",
      protocol: "https:",
      host: "foo",
      hostname: "foo",
      pathname: "/bar",
    },
  ],
  [
    "../../../c",
    "http://a/b/d;p?q",
    { href: "http://a/c", origin: "http://a", protocol: "http:", host: "a", hostname: "a", pathname: "/c" },
  ],
  [
    "?y",
    "http://a/b/c?q#h",
    {
      href: "http://a/b/c?y",
      origin: "http://a",
      protocol: "http:",
      host: "a",
      hostname: "a",
      pathname: "/b/c",
      search: "?y",
    },
  ],
  [
    "#s",
    "http://a/b/c?q",
    {
      href: "http://a/b/c?q#s",
      origin: "http://a",
      protocol: "http:",
      host: "a",
      hostname: "a",
      pathname: "/b/c",
      search: "?q",
      hash: "#s",
    },
  ],
  [
    "",
    "http://a/b/c?q#h",
    {
      href: "http://a/b/c?q",
      origin: "http://a",
      protocol: "http:",
      host: "a",
      hostname: "a",
      pathname: "/b/c",
      search: "?q",
    },
  ],
  [
    "http://a/b/./c/../d/%2e%2E/e",
    undefined,
    {
      href: "http://a/b/e",
      origin: "http://a",
      protocol: "http:",
      host: "a",
      hostname: "a",
      pathname: "/b/e",
    },
  ],
  [
    "http:\\\\x:y@h\\p\\q",
    undefined,
    {
      href: "http://x:y@h/p/q",
      origin: "http://h",
      protocol: "http:",
      username: "x",
      password: "y",
      host: "h",
      hostname: "h",
      pathname: "/p/q",
    },
  ],
  [
    "http://EXAMPLE.com/%7Efoo/%zz/\u00e9",
    undefined,
    {
      href: "http://example.com/%7Efoo/%zz/%C3%A9",
      origin: "http://example.com",
      protocol: "http:",
      host: "example.com",
      hostname: "example.com",
      pathname: "/%7Efoo/%zz/%C3%A9",
    },
  ],
  [
    "http://b\u00fccher.de/",
    undefined,
    {
      href: "http://xn--bcher-kva.de/",
      origin: "http://xn--bcher-kva.de",
      protocol: "http:",
      host: "xn--bcher-kva.de",
      hostname: "xn--bcher-kva.de",
      pathname: "/",
    },
  ],
  [
    "http://192.168.0.257.com/",
    undefined,
    {
      href: "http://192.168.0.257.com/",
      origin: "http://192.168.0.257.com",
      protocol: "http:",
      host: "192.168.0.257.com",
      hostname: "192.168.0.257.com",
      pathname: "/",
    },
  ],
  [
    "http://0x7f.1/",
    undefined,
    {
      href: "http://127.0.0.1/",
      origin: "http://127.0.0.1",
      protocol: "http:",
      host: "127.0.0.1",
      hostname: "127.0.0.1",
      pathname: "/",
    },
  ],
  [
    "http://3232235777",
    undefined,
    {
      href: "http://192.168.1.1/",
      origin: "http://192.168.1.1",
      protocol: "http:",
      host: "192.168.1.1",
      hostname: "192.168.1.1",
      pathname: "/",
    },
  ],
  [
    "http://[1:0::1]:8080/",
    undefined,
    {
      href: "http://[1::1]:8080/",
      origin: "http://[1::1]:8080",
      protocol: "http:",
      host: "[1::1]:8080",
      hostname: "[1::1]",
      port: "8080",
      pathname: "/",
    },
  ],
  [
    "http://[::ffff:1.2.3.4]/",
    undefined,
    {
      href: "http://[::ffff:102:304]/",
      origin: "http://[::ffff:102:304]",
      protocol: "http:",
      host: "[::ffff:102:304]",
      hostname: "[::ffff:102:304]",
      pathname: "/",
    },
  ],
  [
    "mailto:a@b.c?subject=x",
    undefined,
    {
      href: "mailto:a@b.c?subject=x",
      origin: "null",
      protocol: "mailto:",
      host: "",
      hostname: "",
      pathname: "a@b.c",
      search: "?subject=x",
    },
  ],
  [
    "data:text/plain,a b#c d",
    undefined,
    {
      href: "data:text/plain,a b#c%20d",
      origin: "null",
      protocol: "data:",
      host: "",
      hostname: "",
      pathname: "text/plain,a b",
      hash: "#c%20d",
    },
  ],
  [
    "file:///C|/x/../y",
    undefined,
    { href: "file:///C:/y", origin: "null", protocol: "file:", host: "", hostname: "", pathname: "/C:/y" },
  ],
  [
    "file://server/share",
    undefined,
    {
      href: "file://server/share",
      origin: "null",
      protocol: "file:",
      host: "server",
      hostname: "server",
      pathname: "/share",
    },
  ],
  [
    "blob:https://a.b/c",
    undefined,
    {
      href: "blob:https://a.b/c",
      origin: "https://a.b",
      protocol: "blob:",
      host: "",
      hostname: "",
      pathname: "https://a.b/c",
    },
  ],
  [
    "wss://h:443/x",
    undefined,
    { href: "wss://h/x", origin: "wss://h", protocol: "wss:", host: "h", hostname: "h", pathname: "/x" },
  ],
  [
    "ws://h:80?q'\"<>`",
    undefined,
    {
      href: "ws://h/?q%27%22%3C%3E`",
      origin: "ws://h",
      protocol: "ws:",
      host: "h",
      hostname: "h",
      pathname: "/",
      search: "?q%27%22%3C%3E`",
    },
  ],
  [
    "non-special://h:80/p'\"<>`{}#'\"<>`{}",
    undefined,
    {
      href: "non-special://h:80/p'%22%3C%3E%60%7B%7D#'%22%3C%3E%60{}",
      origin: "null",
      protocol: "non-special:",
      host: "h:80",
      hostname: "h",
      port: "80",
      pathname: "/p'%22%3C%3E%60%7B%7D",
      hash: "#'%22%3C%3E%60{}",
    },
  ],
  [
    "http://a@b@c/",
    undefined,
    {
      href: "http://a%40b@c/",
      origin: "http://c",
      protocol: "http:",
      username: "a%40b",
      host: "c",
      hostname: "c",
      pathname: "/",
    },
  ],
  [
    "http://h/\ud800\udc00\ud800x",
    undefined,
    {
      href: "http://h/%F0%90%80%80%EF%BF%BDx",
      origin: "http://h",
      protocol: "http:",
      host: "h",
      hostname: "h",
      pathname: "/%F0%90%80%80%EF%BF%BDx",
    },
  ],
]) {
  test(`parses ${JSON.stringify(given)}${base === undefined ? "" : ` against ${base}`}`, () => {
    const url = new URL(given, base);
    for (const part of PARTS) equal(url[part], { ...BLANK, ...parts }[part], part);
    equal(
      [String(url), url.toJSON(), JSON.stringify({ url })],
      [parts.href, parts.href, JSON.stringify({ url: parts.href })],
    );
    equal([URL.canParse(given, base), URL.parse(given, base)?.href], [true, parts.href]);
  });
}

for (const [given, base] of [
  ["", undefined],
  ["/x", undefined],
  ["x", "mailto:a@b"],
  ["http://", undefined],
  ["http://a b", undefined],
  ["http://a:b", undefined],
  ["http://a:65536", undefined],
  ["http://[::1", undefined],
  ["http://[www]/", undefined],
  ["http://256.256.256.256", undefined],
  ["http://1.2.3.4.5.6", undefined],
  ["http://a%00b", undefined],
  ["http://%zz", undefined],
  ["http://user@/x", undefined],
  ["https://\u00ad/", undefined],
  ["http://a<b", undefined],
  ["x", "not a url"],
  ["https://a", "not a url"],
]) {
  test(`does not parse ${JSON.stringify(given)}${base === undefined ? "" : ` against ${base}`}`, () => {
    throws("TypeError", () => new URL(given, base));
    equal([URL.canParse(given, base), URL.parse(given, base)], [false, null]);
  });
}

for (const [part, url, value, changed] of [
  ["protocol", "http://a/", "https", "https://a/"],
  ["protocol", "http://a:443/", "https:", "https://a/"],
  ["protocol", "http://a/", "x", "http://a/"],
  ["protocol", "http://a/", "ht\u00fc", "http://a/"],
  ["protocol", "http://a/", "", "http://a/"],
  ["protocol", "x://a/", "http", "x://a/"],
  ["username", "http://a/", "m:e", "http://m%3Ae@a/"],
  ["username", "http://u:p@a/", "", "http://:p@a/"],
  ["username", "mailto:x", "me", "mailto:x"],
  ["username", "file:///x", "me", "file:///x"],
  ["password", "http://a/", "p@", "http://:p%40@a/"],
  ["password", "http://u:p@a/", "", "http://u@a/"],
  ["host", "http://a:1/x", "b:2", "http://b:2/x"],
  ["host", "http://a:1/x", "b", "http://b:1/x"],
  ["host", "http://a/x", "b:80", "http://b/x"],
  ["host", "http://a/x", "", "http://a/x"],
  ["host", "http://a/x", "b/c", "http://b/x"],
  ["host", "mailto:x", "b", "mailto:x"],
  ["hostname", "http://a:1/x", "b:2", "http://a:1/x"],
  ["hostname", "http://a:1/x", "B.c", "http://b.c:1/x"],
  ["hostname", "http://a:1/x", "a b", "http://a:1/x"],
  ["hostname", "http://a/x", "0x7F000001", "http://127.0.0.1/x"],
  ["port", "http://a/", "90x", "http://a:90/"],
  ["port", "http://a:9/", "", "http://a/"],
  ["port", "http://a:9/", "80", "http://a/"],
  ["port", "http://a:9/", "65536", "http://a:9/"],
  ["port", "http://a:9/", "x", "http://a:9/"],
  ["port", "file:///x", "9", "file:///x"],
  ["pathname", "http://a/x", "y z", "http://a/y%20z"],
  ["pathname", "http://a/x", "", "http://a/"],
  ["pathname", "http://a/x", "/../b/?c#d", "http://a/b/%3Fc%23d"],
  ["pathname", "mailto:x", "y", "mailto:x"],
  ["search", "http://a/?x#h", "y", "http://a/?y#h"],
  ["search", "http://a/?x", "?", "http://a/?"],
  ["search", "http://a/?x#h", "", "http://a/#h"],
  ["search", "http://a/", "a=b#c", "http://a/?a=b%23c"],
  ["hash", "http://a/", "h", "http://a/#h"],
  ["hash", "http://a/#h", "", "http://a/"],
  ["hash", "http://a/", "#", "http://a/#"],
  ["hash", "http://a/", "##", "http://a/##"],
  ["hash", "http://a/", "a\nb", "http://a/#ab"],
  ["href", "http://a/", "b:c", "b:c"],
]) {
  test(`${part} of ${url} set to ${JSON.stringify(value)} makes it ${changed}`, () => {
    const made = new URL(url);
    made[part] = value;
    equal(made.href, changed);
  });
}

test("throws when href is set to what is no URL, and stays", () => {
  const url = new URL("http://a/");
  throws("TypeError", () => {
    url.href = "b";
  });
  equal(url.href, "http://a/");
});
test("takes another URL, and anything with a text", () => {
  equal(new URL(new URL("http://a/b")).href, "http://a/b");
  equal(new URL("c", { toString: () => "http://a/b" }).href, "http://a/c");
  equal(new URL(null, "http://a/").href, "http://a/null");
});
test("does not change origin", () => {
  const url = new URL("http://a/");
  throws("TypeError", () => {
    "use strict";
    url.origin = "http://b";
  });
  equal(url.origin, "http://a");
});
test("throws without an argument, and refuses symbols", () => {
  throws("TypeError", () => new URL());
  throws("TypeError", () => URL("http://a"));
  throws("TypeError", () => new URL(Symbol("x")));
  throws("TypeError", () => URL.canParse());
  throws("TypeError", () => URL.parse());
});
test("gives the same searchParams each time", () => {
  const url = new URL("http://a/?b=c");
  identical(url.searchParams, url.searchParams);
});
test("searchParams cannot be replaced", () => {
  const url = new URL("http://a/?b=c");
  throws("TypeError", () => {
    url.searchParams = new URLSearchParams("x=y");
  });
  equal(url.href, "http://a/?b=c");
});
test("changes of searchParams show in the URL", () => {
  const url = new URL("http://a/?b=c&d=e#f");
  url.searchParams.append("g", "h i");
  equal(url.href, "http://a/?b=c&d=e&g=h+i#f");
  url.searchParams.delete("b");
  url.searchParams.set("d", "&");
  equal(url.search, "?d=%26&g=h+i");
  url.searchParams.sort();
  url.searchParams.delete("d");
  url.searchParams.delete("g");
  equal(url.href, "http://a/#f");
});
test("a URL is not rewritten by looking at its searchParams", () => {
  const url = new URL("http://a/?b=%7E+x&&");
  equal([url.searchParams.get("b"), url.href], ["~ x", "http://a/?b=%7E+x&&"]);
});
test("changes of the URL show in searchParams", () => {
  const url = new URL("http://a/?b=c");
  const params = url.searchParams;
  url.search = "?x=1&y=2";
  equal(
    [...params],
    [
      ["x", "1"],
      ["y", "2"],
    ],
  );
  url.href = "http://b/?z=3";
  equal([...params], [["z", "3"]]);
  url.search = "";
  equal([...params], []);
});
test("attributes are accessors of the prototype, enumerable and configurable", () => {
  for (const part of [...PARTS, "searchParams"]) {
    const found = Object.getOwnPropertyDescriptor(URL.prototype, part);
    equal([typeof found.get, found.enumerable, found.configurable], ["function", true, true], part);
    equal(typeof found.set, part === "origin" || part === "searchParams" ? "undefined" : "function", part);
    throws("TypeError", () => found.get.call({}));
  }
});
test("has a length of 1, a tag, and static methods", () => {
  equal(
    [
      URL.length,
      String(Object.prototype.toString.call(new URL("a:b"))),
      URL.canParse.length,
      URL.parse.length,
    ],
    [1, "[object URL]", 1, 1],
  );
  equal(Object.prototype.hasOwnProperty.call(URL, "createObjectURL"), false);
});
