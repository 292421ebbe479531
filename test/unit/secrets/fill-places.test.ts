import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import type { OutgoingBody, OutgoingRequest, SecretPlace } from "../../../src/secrets/index.ts";
import { carriedBy, filled, outcome, runOf, secret, STRIPE } from "../../support/filling.ts";

const ALL: readonly SecretPlace[] = ["header:authorization", "header:x-key", "query", "path", "form", "json"];
const ODD = `a b&c=d"e'+é😀%?#;<>`;
const ODD_ENCODED = "a%20b%26c%3Dd%22e%27%2B%C3%A9%F0%9F%98%80%25%3F%23%3B%3C%3E";
const run = runOf([
  secret("KEY", STRIPE, { places: ALL }),
  secret("ODD", ODD, { places: ALL }),
  secret("SLASH", "a/b", { places: ALL }),
  secret("BACK", "a\\b", { places: ALL }),
  secret("DOT", ".", { places: ALL }),
  secret("LINES", "a\r\nx-evil: 1", { places: ALL }),
  secret("NUL", "a\0b", { places: ALL }),
  secret("EURO", "100 €", { places: ALL }),
  secret("HALF", "a\ud83d", { places: ALL }),
  secret("DEFAULT", "default-secret"),
]);
const { placeholders, basic } = run;

/** A text with `<KEY>` for the placeholder of KEY. */
const put = (template: string): string =>
  template.replaceAll(/<([A-Z]+)>/g, (_, name: string) => run.text(name));

const sendUrl = (path: string) => filled(placeholders, { url: put(`https://api.stripe.com${path}`) });
const sendHeader = (name: string, value: string) =>
  filled(placeholders, { headers: [[put(name), put(value)]] });
const sendBody = (contentType: string | null, text: string, kind: "text" | "bytes" = "text") =>
  filled(placeholders, {
    headers: contentType === null ? [] : [["Content-Type", contentType]],
    body: kind === "text" ? { kind, text: put(text) } : { kind, bytes: utf8(put(text)) },
  });

const requestOf = (result: ReturnType<typeof filled>): OutgoingRequest => {
  if (result.kind === "refused") throw new Error(result.error.message);
  return result.request;
};
const textOf = (body: OutgoingBody): string =>
  body.kind === "text" ? body.text : body.kind === "bytes" ? fromUtf8(body.bytes) : body.kind;

describe("in a header", () => {
  it.each([
    ["authorization", "<KEY>", STRIPE],
    ["Authorization", "Bearer <KEY>", `Bearer ${STRIPE}`],
    ["AUTHORIZATION", "a <KEY> b <KEY>", `a ${STRIPE} b ${STRIPE}`],
    ["X-Key", 'Signature key="<KEY>", other="<KEY>"', `Signature key="${STRIPE}", other="${STRIPE}"`],
    ["x-key", "<KEY>x", `${STRIPE}x`],
    ["x-key", "hwsec_<KEY>", `hwsec_${STRIPE}`],
  ])("%s: %s", (name, value, sent) => {
    expect(requestOf(sendHeader(name, value)).headers).toContainEqual([name, sent]);
  });

  it.each([
    ["x-other", "<KEY>", "its places are"],
    ["proxy-authorization", "<KEY>", "its places are"],
    ["x-key", "<DEFAULT>", "its places are header:authorization"],
    ["host", "<KEY>", "its places are"],
    ["cookie", "a=<KEY>", "its places are"],
    ["x-<KEY>", "value", "a header's name"],
    ["<KEY>", "<KEY>", "a header's name"],
    ["x-key", "<LINES>", "a line end or a NUL"],
    ["x-key", "<NUL>", "a line end or a NUL"],
    ["x-key", "<EURO>", "characters that a header cannot carry"],
    ["x-key", "<ODD>", "characters that a header cannot carry"],
  ])("not in %s: %s", (name, value, reason) => {
    expect(outcome(sendHeader(name, value))).toContain(reason);
  });

  it.each([
    ["alone", (text: string) => text, "Basic "],
    ["alone, with spaces", (text: string) => `  ${text} `, "Basic "],
    ["behind its scheme", (text: string) => `Basic ${text}`, "Basic "],
    ["behind its scheme in other letters", (text: string) => `bAsIc   ${text}`, "bAsIc   "],
  ])("stands for Basic credentials: %s", (_, write, scheme) => {
    const result = filled(placeholders, { headers: [["Authorization", write(basic("KEY", "mé"))]] });
    const sent = requestOf(result)
      .headers.find(([name]) => name === "Authorization")?.[1]
      .trim();
    expect(sent).toBe(scheme + Buffer.from(`mé:${STRIPE}`).toString("base64"));
    expect(carriedBy(result).map(({ basicUser }) => basicUser)).toEqual(["mé"]);
  });

  it("stands for Basic credentials whatever the value holds", () => {
    const result = filled(placeholders, { headers: [["authorization", basic("LINES", "u")]] });
    const sent = Buffer.from("u:a\r\nx-evil: 1").toString("base64");
    expect(requestOf(result).headers).toContainEqual(["authorization", `Basic ${sent}`]);
  });

  it.each<readonly [string, (text: string) => Partial<OutgoingRequest>]>([
    ["behind another scheme", (text) => ({ headers: [["authorization", `Bearer ${text}`]] })],
    ["with something behind", (text) => ({ headers: [["authorization", `Basic ${text}x`]] })],
    ["twice", (text) => ({ headers: [["authorization", `${text} ${text}`]] })],
    ["in another header", (text) => ({ headers: [["x-key", text]] })],
    ["in the query", (text) => ({ url: `https://api.stripe.com/?a=${text}` })],
    ["in the path", (text) => ({ url: `https://api.stripe.com/${text}` })],
    [
      "in a form",
      (text) => ({
        headers: [["content-type", "application/x-www-form-urlencoded"]],
        body: { kind: "text", text: `a=${text}` },
      }),
    ],
    [
      "in JSON",
      (text) => ({
        headers: [["content-type", "application/json"]],
        body: { kind: "text", text: JSON.stringify(text) },
      }),
    ],
  ])("does not stand for Basic credentials %s", (_, request) => {
    expect(outcome(filled(placeholders, request(basic("KEY", "me"))))).toContain(
      "Basic credentials can only be",
    );
  });
});

describe("in a URL", () => {
  it.each([
    ["/?a=<KEY>", `/?a=${STRIPE}`],
    ["/?a=1&b=x<KEY>y&c", `/?a=1&b=x${STRIPE}y&c`],
    ["/?a=<ODD>&b=<SLASH>", `/?a=${ODD_ENCODED}&b=a%2Fb`],
    ["/?a=b=<KEY>", `/?a=b=${STRIPE}`],
    ["/?=<KEY>", `/?=${STRIPE}`],
    ["/?a=<LINES>", "/?a=a%0D%0Ax-evil%3A%201"],
    ["/?a=<HALF>", "/?a=a%EF%BF%BD"],
    ["/<KEY>", `/${STRIPE}`],
    ["/bot<KEY>/sendMessage", `/bot${STRIPE}/sendMessage`],
    ["/a/<ODD>/b?c=<KEY>", `/a/${ODD_ENCODED}/b?c=${STRIPE}`],
    ["/a..<DOT>..b/", "/a.....b/"],
    ["/...<DOT>", "/...."],
    ["/<KEY>;v=1", `/${STRIPE};v=1`],
  ])("%s", (path, sent) => {
    const { url } = requestOf(sendUrl(path));
    expect(url).toBe(`https://api.stripe.com${sent}`);
    expect(new URL(url).href).toBe(url);
  });

  it.each([
    ["/?<KEY>=1", "a name in the query"],
    ["/?<KEY>", "a name in the query"],
    ["/?a=1&<KEY>", "a name in the query"],
    ["/#<KEY>", "the URL's fragment"],
    ["/<SLASH>", "holds a slash"],
    ["/<BACK>", "holds a slash"],
    ["/<DOT>", "a segment of dots"],
    ["/.<DOT>", "a segment of dots"],
    ["/<DOT>%2e", "a segment of dots"],
    ["/%2E<DOT>/x", "a segment of dots"],
    ["/<DOT><DOT>", "a segment of dots"],
    ["/?a=<DEFAULT>", "its places are header:authorization"],
    ["/<DEFAULT>", "its places are header:authorization"],
  ])("not %s", (path, reason) => {
    expect(outcome(sendUrl(path))).toContain(reason);
  });

  it.each([
    ["https://<KEY>@api.stripe.com/", "the user part"],
    ["https://user:<KEY>@api.stripe.com/", "the user part"],
    ["https://<KEY>/", "the URL's host"],
    ["https://<KEY>.api.stripe.com/", "the URL's host"],
    ["https://api.stripe.com:<KEY>/", "a URL that does not parse"],
    ["<KEY>://api.stripe.com/", "a URL that does not parse"],
    ["<KEY>", "a URL that does not parse"],
    ["/<KEY>", "a URL that does not parse"],
    ["https://<KEY>@evil.example/?a=<KEY>", "the user part"],
  ])("not in %s", (url, reason) => {
    expect(outcome(filled(placeholders, { url: put(url) }))).toContain(reason);
  });

  it("is seen as the parser sees it", () => {
    const text = run.text("KEY");
    const split = `https://api.stripe.com/${text.slice(0, 20)}\n${text.slice(20)}\t?a=1`;
    expect(requestOf(filled(placeholders, { url: split })).url).toBe(`https://api.stripe.com/${STRIPE}?a=1`);
    const host = `https://${text.slice(0, 20)}\n${text.slice(20)}/`;
    expect(outcome(filled(placeholders, { url: host }))).toContain("the URL's host");
    const up = `https://api.stripe.com/${text}/../${text}`;
    expect(requestOf(filled(placeholders, { url: up })).url).toBe(`https://api.stripe.com/${STRIPE}`);
  });

  it("not in the method", () => {
    expect(outcome(filled(placeholders, { method: run.text("KEY") }))).toContain("the method");
    expect(outcome(filled(placeholders, { method: run.text("KEY").toUpperCase() }))).toContain("the method");
  });
});

const FORM = "application/x-www-form-urlencoded";

describe("in a body", () => {
  it.each([
    [FORM, "a=<KEY>&b=<ODD>", `a=${STRIPE}&b=${ODD_ENCODED}`],
    ["Application/X-WWW-Form-Urlencoded; charset=utf-8", "<none>=1&b=<KEY>x", `<none>=1&b=${STRIPE}x`],
    ["application/json", '{"a":"<KEY>"}', `{"a":"${STRIPE}"}`],
    ["application/json;charset=utf-8", '["x<KEY>y", "<ODD>"]', `["x${STRIPE}y", ${JSON.stringify(ODD)}]`],
    ["application/vnd.api+json", '"<LINES>"', JSON.stringify("a\r\nx-evil: 1")],
    [
      "APPLICATION/JSON",
      '{"a\\"":{"b":[1,"<BACK>"]} , "c" : "<NUL>" }',
      '{"a\\"":{"b":[1,"a\\\\b"]} , "c" : "a\\u0000b" }',
    ],
    ["application/json", '{"key":"\\\\","a":"<HALF>"}', '{"key":"\\\\","a":"a\\ud83d"}'],
  ])("of %s: %s", (type, text, sent) => {
    expect(textOf(requestOf(sendBody(type, text)).body)).toBe(sent);
    expect(textOf(requestOf(sendBody(type, text, "bytes")).body)).toBe(sent);
  });

  it.each([
    [FORM, "<KEY>=1", "a name in the form"],
    [FORM, "<KEY>", "a name in the form"],
    [FORM, "a=<DEFAULT>", "its places are header:authorization"],
    ["application/json", '{"<KEY>":1}', "a key of the JSON body"],
    ["application/json", '{"a":{"x<KEY>" : "<KEY>"}}', "a key of the JSON body"],
    ["application/json", '{"a":"<DEFAULT>"}', "its places are header:authorization"],
    ["application/json", '{"a":<KEY>}', "a JSON body that does not parse"],
    ["application/json", '{"a":"<KEY>"', "a JSON body that does not parse"],
    ["application/json", '{"a":"<KEY>"} // x', "a JSON body that does not parse"],
    ["application/json, text/plain", '{"a":"<KEY>"}', "a body of application/json, text/plain"],
    ["application/jsonx", '{"a":"<KEY>"}', "a body of application/jsonx"],
    ["text/plain", "<KEY>", "a body of text/plain"],
    ["text/html", "<KEY>", "a body of text/html"],
    ["application/xml", "<KEY>", "a body of application/xml"],
    ["application/octet-stream", "<KEY>", "a body of application/octet-stream"],
    [
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n<KEY>\r\n--x--',
      "a body of multipart/form-data",
    ],
    [null, '{"a":"<KEY>"}', "a body without a content-type"],
  ])("not of %s: %s", (type, text, reason) => {
    expect(outcome(sendBody(type, text))).toContain(reason);
    expect(outcome(sendBody(type, text, "bytes"))).toContain(reason);
  });

  it("not of two types", () => {
    const headers = [
      ["content-type", "application/json"],
      ["Content-Type", "text/plain"],
    ] as const;
    expect(
      outcome(filled(placeholders, { headers, body: { kind: "text", text: put('"<KEY>"') } })),
    ).toContain("application/json, text/plain");
  });

  it("not in bytes that are no text", () => {
    const bytes = Uint8Array.from([0xff, ...utf8(put('"<KEY>"'))]);
    const result = filled(placeholders, {
      headers: [["content-type", "application/json"]],
      body: { kind: "bytes", bytes },
    });
    expect(outcome(result)).toContain("a body that is no text");
  });

  it("of a stream, or of the sender, is neither looked into nor filled", () => {
    const result = filled(placeholders, { headers: [["x-key", put("<KEY>")]], body: { kind: "foreign" } });
    expect(requestOf(result).body).toEqual({ kind: "foreign" });
  });
});

describe("what else becomes of a request", () => {
  it("without placeholders of this run nothing does", () => {
    const other = runOf([]);
    const request = {
      method: "GET",
      url: "HTTP://x",
      headers: [
        ["range", "bytes=0-1"],
        ["x", put("<KEY>")],
      ] as const,
      body: { kind: "none" } as const,
    };
    const result = filled(other.placeholders, request);
    expect(result).toEqual({ kind: "filled", request, carried: [] });
    expect(result.kind === "filled" && result.request.headers).toBe(request.headers);
  });

  it("goes out so that its answer can be masked: not encoded, not in part, and of no length that was told before", () => {
    const headers = [
      ["Accept-Encoding", "br"],
      ["Range", "bytes=0-9"],
      ["if-range", '"x"'],
      ["content-length", "5"],
      ["x-key", put("<KEY>")],
      ["X-A", "1"],
    ] as const;
    expect(requestOf(filled(placeholders, { headers })).headers).toEqual([
      ["x-key", STRIPE],
      ["X-A", "1"],
      ["accept-encoding", "identity"],
    ]);
  });

  it("names each secret that it carries once", () => {
    const result = filled(placeholders, {
      url: put("https://api.stripe.com/<KEY>?a=<KEY>&b=<ODD>"),
      headers: [["authorization", basic("DEFAULT", "u")]],
    });
    expect(carriedBy(result).map(({ secret: { name } }) => name)).toEqual(["KEY", "ODD", "DEFAULT"]);
  });

  it("is refused whole when one of its placeholders is", () => {
    const result = filled(placeholders, { url: put("https://api.stripe.com/<KEY>#<ODD>") });
    expect(result).toMatchObject({ kind: "refused", error: { secret: "ODD", place: "the URL's fragment" } });
    expect(JSON.stringify(result)).not.toContain(STRIPE);
  });

  it("fills in nothing that a value holds", () => {
    const outer = runOf([secret("A", "x"), secret("B", "y")]);
    const tricky = runOf([
      secret("A", outer.text("B"), { places: ["query"] }),
      secret("B", "y", { places: ["query"] }),
    ]);
    const result = filled(tricky.placeholders, { url: `https://api.stripe.com/?a=${tricky.text("A")}` });
    expect(requestOf(result).url).toBe(`https://api.stripe.com/?a=${outer.text("B")}`);
  });
});

describe("a request that would grow beyond what may be sent", () => {
  const long = runOf([secret("LONG", '"'.repeat(10_000), { places: ALL })]);
  const send = (count: number, write: (placeholders: string) => Partial<OutgoingRequest>) =>
    filled(long.placeholders, write(long.text("LONG").repeat(count)));

  it.each([
    [
      "the body",
      600,
      (text: string) => ({
        headers: [["content-type", "application/json"]],
        body: { kind: "text", text: `"${text}"` },
      }),
    ],
    ["the URL", 10, (text: string) => ({ url: `https://api.stripe.com/?a=${text}` })],
    ["the headers", 30, (text: string) => ({ headers: [["authorization", text]] })],
  ] satisfies readonly [string, number, (text: string) => Partial<OutgoingRequest>][])(
    "is refused before anything is filled in: %s",
    (where, count, write) => {
      expect(outcome(send(count, write))).toContain(`${where} would have more than`);
      expect(send(1, write).kind).toBe("filled");
    },
  );
});
