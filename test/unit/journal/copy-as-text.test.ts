import { describe, expect, it } from "vitest";
import { COPY_FORMS, copyAs, type Exchange, isCopyForm } from "../../../src/journal/index.ts";
import { exchangeOf } from "../../support/exchanges.ts";

const sentTo = (url: string, more: Parameters<typeof exchangeOf>[0] = {}): Exchange => {
  const exchange = exchangeOf(more);
  return { ...exchange, request: { ...exchange.request, url } };
};

const PUSH = sentTo("https://demo.hooks.example/github/app?ref=main", {
  headers: [
    ["accept", "*/*"],
    ["cf-connecting-ip", "203.0.113.7"],
    ["content-length", "24"],
    ["content-type", "application/json"],
    ["host", "demo.hooks.example"],
    ["user-agent", "GitHub-Hookshot/044aadd"],
    ["x-github-event", "push"],
  ],
  body: '{"what": "it\'s a push"}',
});

const commentsOf = (text: string): readonly string[] => text.match(/^(#|\/\/).*$/gm) ?? [];

describe("a copy of a webhook", () => {
  it("reads well for curl", () => {
    expect(copyAs("curl", PUSH)).toBe(`curl --request POST \\
  --url 'https://demo.hooks.example/github/app?ref=main' \\
  --header 'accept: */*' \\
  --header 'content-type: application/json' \\
  --header 'user-agent: GitHub-Hookshot/044aadd' \\
  --header 'x-github-event: push' \\
  --data-raw '{"what": "it'\\''s a push"}'
`);
  });

  it("reads well for HTTPie", () => {
    expect(copyAs("httpie", PUSH)).toBe(`http --ignore-stdin --ignore-netrc \\
  --raw='{"what": "it'\\''s a push"}' \\
  POST 'https://demo.hooks.example/github/app?ref=main' \\
  'accept:*/*' \\
  'content-type:application/json' \\
  'user-agent:GitHub-Hookshot/044aadd' \\
  'x-github-event:push'
`);
  });

  it("reads well for fetch", () => {
    expect(copyAs("fetch", PUSH)).toBe(`// fetch adds of its own: sec-fetch-mode, accept-language.
const response = await fetch("https://demo.hooks.example/github/app?ref=main", {
  method: "POST",
  headers: [
    ["accept", "*/*"],
    ["content-type", "application/json"],
    ["user-agent", "GitHub-Hookshot/044aadd"],
    ["x-github-event", "push"],
  ],
  body: "{\\"what\\": \\"it's a push\\"}",
  redirect: "manual",
});
console.log(response.status, await response.text());
`);
  });

  it("reads well for Python", () => {
    expect(copyAs("python", PUSH)).toBe(`import http.client

connection = http.client.HTTPSConnection("demo.hooks.example")
connection.request(
    "POST",
    "/github/app?ref=main",
    body="{\\"what\\": \\"it's a push\\"}".encode(),
    headers={
        "accept": "*/*",
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/044aadd",
        "x-github-event": "push",
    },
)
response = connection.getresponse()
print(response.status, response.read().decode("utf-8", "replace"))
`);
  });

  it("pipes a body that no argument can hold", () => {
    const exchange = sentTo("https://demo.hooks.example/", { headers: [], body: new Uint8Array([0, 255]) });
    expect(copyAs("curl", exchange)).toBe(`base64 -d <<'END-OF-BODY' | curl --request POST \\
  --url 'https://demo.hooks.example/' \\
  --header 'user-agent:' \\
  --header 'accept:' \\
  --header 'content-type:' \\
  --data-binary @-
AP8=
END-OF-BODY
`);
  });

  it("finds an address of IPv6 from Python", () => {
    expect(copyAs("python", sentTo("http://[::1]:8787/x"))).toContain('HTTPConnection("::1", 8787)');
  });

  it("has four forms", () => {
    expect(COPY_FORMS).toEqual(["curl", "httpie", "fetch", "python"]);
    expect(isCopyForm("curl")).toBe(true);
    expect(isCopyForm("powershell")).toBe(false);
    expect(isCopyForm("constructor")).toBe(false);
  });
});

describe.each(COPY_FORMS)("a copy for %s", (form) => {
  const secret = sentTo("https://demo.hooks.example/?access_token=s3cret&page=2", {
    headers: [
      ["authorization", "Bearer s3cret"],
      ["cookie", "session=s3cret"],
      ["x-hub-signature-256", "sha256=s3cret"],
    ],
    body: "{}",
  });

  it("redacts credentials, and says so, unless it is asked not to", () => {
    const text = copyAs(form, secret);
    expect(text).not.toContain("s3cret");
    expect(commentsOf(text)[0]).toMatch(/ Redacted: put the real credentials in their places\.$/);
    expect(text).toContain("access_token=%5Bredacted%5D&page=2");
    const open = copyAs(form, secret, { unredacted: true });
    expect(open.match(/s3cret/g)).toHaveLength(4);
    expect(open).not.toContain("Redacted");
  });

  it("does not speak of redaction for a header that it leaves out anyway", () => {
    const exchange = sentTo("https://demo.hooks.example/", { headers: [["sec-websocket-key", "x"]] });
    expect(copyAs(form, exchange)).not.toContain("Redacted");
  });

  it("is marked as incomplete when the body was cut", () => {
    const cut: Exchange = {
      ...PUSH,
      request: {
        ...PUSH.request,
        body: { bytes: new TextEncoder().encode("abc"), size: 5000, truncated: true },
      },
    };
    const text = copyAs(form, cut);
    expect(commentsOf(text)[0]).toMatch(
      /^(#|\/\/) Incomplete: 3 of 5000 bytes of the body were kept, and only those are sent\.$/,
    );
    expect(text).toContain("abc");
  });

  it("is marked as incomplete when nothing of the body is at hand", () => {
    const body = { bytes: null, size: 70_000, truncated: false, omitted: true } as const;
    const text = copyAs(form, { ...PUSH, request: { ...PUSH.request, body } });
    expect(commentsOf(text)[0]).toMatch(/^(#|\/\/) Incomplete: the body, 70000 bytes, is left out here\.$/);
  });

  it.each([
    "file:///etc/passwd",
    "--output=/etc/passwd",
    "-K/etc/passwd",
    "@/etc/passwd",
    "gopher://demo.hooks.example/",
    "http://user:password@demo.hooks.example/",
    "http://demo.hooks.example:80@evil.example/",
    "http://demo hooks/",
    "http://$(id)/",
    "http://{a,b}/",
    "http:///x",
    "http://[::1/",
    "",
  ])("is nothing but a comment for the URL %s", (url) => {
    const text = copyAs(form, sentTo(url));
    expect(text).toMatch(/^(#|\/\/) This is no URL that a client can be given\.\n$/);
  });

  it.each(["", "A B", "GET\nX: 1", "G@T", "é"])("is nothing but a comment for the method %j", (method) => {
    expect(copyAs(form, sentTo("http://demo.hooks.example/", { method }))).toMatch(
      /^(#|\/\/) No client can send this method\.\n$/,
    );
  });

  it("has comments that an interactive shell can neither expand nor run", () => {
    const names = [
      "$(touch x)",
      "`id`",
      "it's",
      '"',
      "!!",
      "a;b",
      "a|b",
      "a>b",
      "*",
      "\u202e",
      "\u001b[2J",
      "x\ny",
    ];
    for (const method of ["POST", "`id`", "$HOME", "!!"]) {
      const exchange = sentTo("http://demo.hooks.example/{}?", {
        method,
        headers: names.map((name) => [name, "\u0001\n"] as const),
        body: "x",
      });
      for (const line of commentsOf(copyAs(form, exchange))) expect(line).toMatch(/^(#|\/\/) [\w .,:/+-]+$/);
    }
  });
});
