import { describe, expect, it } from "vitest";
import { type Exchange, isSecretName, redactExchange } from "../../../src/journal/index.ts";
import { exchangeOf } from "../../support/exchanges.ts";

const frozen = <Value>(value: Value): Value => {
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) frozen(each);
  }
  return value;
};

const withQuery = (query: string): Exchange => {
  const exchange = exchangeOf();
  const url = `http://demo.localhost/hook?${query}`;
  return { ...exchange, request: { ...exchange.request, url, rawQuery: query } };
};

const shownQuery = (query: string): string => {
  const { request } = redactExchange(withQuery(query));
  expect(request.url).toBe(`http://demo.localhost/hook?${request.rawQuery}`);
  return request.rawQuery ?? "";
};

const X = "%5Bredacted%5D";

describe("a name of a credential", () => {
  it.each([
    ["Cookie", "set-cookie", "Set-Cookie2", "x-original-cookie"],
    ["Authorization", "Proxy-Authorization", "x-forwarded-authorization"],
    [
      "X-API-Key",
      "apikey",
      "api_key",
      "apiKey",
      "x-goog-api-key",
      "Ocp-Apim-Subscription-Key",
      "x-functions-key",
    ],
    ["access_token", "X-GitLab-Token", "x-amz-security-token", "hub.verify_token", "csrfToken"],
    ["client_secret", "X-Telegram-Bot-Api-Secret-Token", "AWSSecretKey"],
    ["X-Hub-Signature-256", "stripe-signature", "X-Amz-Signature", "x-shopify-hmac-sha256", "sig"],
    ["password", "passwd", "pwd", "passphrase", "otp"],
    [
      "X-Amz-Credential",
      "cf-access-jwt-assertion",
      "SAMLResponse",
      "client_assertion",
      "code",
      "key",
      "auth",
    ],
    ["PHPSESSID", "JSESSIONID", "session_id", "sid", "session", "session[token]"],
  ])("is %s, and its like", (...names) => {
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  });

  it("is no other", () => {
    const names = [
      "accept",
      "content-type",
      "content-length",
      "host",
      "user-agent",
      "x-request-id",
      "x-github-delivery",
      "etag",
      "x-github-event",
      "idempotency-key",
      "sec-websocket-key",
      "cache-control",
      "www-authenticate",
      "id",
      "page",
      "postcode",
      "keyword",
      "monkey",
      "passenger",
      "author",
      "sign",
      "public_key",
      "",
    ];
    expect(names.filter(isSecretName)).toEqual([]);
  });
});

describe("a redacted exchange", () => {
  it("shows names, and no value, of credentials in headers", () => {
    const headers = [
      ["cookie", "a=1"],
      ["x-a", "1"],
      ["x-token", ""],
      ["Authorization", "Basic x"],
    ] as const;
    const { request, response } = redactExchange(exchangeOf({ headers, answerHeaders: headers }));
    const shown = [
      ["cookie", "[redacted]"],
      ["x-a", "1"],
      ["x-token", "[redacted]"],
      ["Authorization", "[redacted]"],
    ];
    expect(request.headers).toEqual(shown);
    expect(response.headers).toEqual(shown);
  });

  it("is a new value: nothing is changed in place", () => {
    const exchange = frozen(exchangeOf({ headers: [["cookie", "a=1"]], body: "x" }));
    const before = structuredClone(exchange);
    const shown = redactExchange(exchange);
    expect(exchange).toEqual(before);
    expect(shown.request.body).toBe(exchange.request.body);
    expect(shown.run).toBe(exchange.run);
  });

  it("leaves bodies as they were", () => {
    const body = '{"password":"x"}';
    expect(redactExchange(exchangeOf({ body })).request.body).toEqual(exchangeOf({ body }).request.body);
  });

  it("leaves an exchange without credentials as it was", () => {
    const exchange = withQuery("a=1&a=2;b&&=x&=&%zz=%&q=token");
    expect(redactExchange(exchange)).toEqual(exchange);
    expect(redactExchange(exchangeOf())).toMatchObject({ request: { rawQuery: null } });
  });

  it.each([
    ["token=abc", `token=${X}`],
    ["token=", `token=${X}`],
    ["a=1&api_key=abc&b=2", `a=1&api_key=${X}&b=2`],
    ["token=a;b=c&d=e", `token=${X}&d=e`],
    ["a=1;token=abc;b=2&c=3", `a=1;token=${X};b=2&c=3`],
    ["token=a=b=c", `token=${X}`],
    ["%74oken=abc", `%74oken=${X}`],
    ["to%6Ben%=abc", `to%6Ben%=${X}`],
    ["user[password]=abc", `user[password]=${X}`],
    ["X-Amz-Signature=abc&X-Amz-Date=1", `X-Amz-Signature=${X}&X-Amz-Date=1`],
    ["token", "token"],
  ])("of the query %s shows %s", (query, shown) => {
    expect(shownQuery(query)).toBe(shown);
  });

  it.each([
    ["/next?code=abc&state=1", `/next?code=${X}&state=1`],
    ["https://app.example/#access_token=abc&a=1", `https://app.example/#access_token=${X}&a=1`],
    ["https://user:pass@app.example/@x", `https://${X}@app.example/@x`],
    ["//user@app.example?token=abc#token=def", `//${X}@app.example?token=${X}#token=${X}`],
    ["mailto:a@b.example", "mailto:a@b.example"],
    ["", ""],
  ])("of the location %s shows %s", (location, shown) => {
    const { response } = redactExchange(exchangeOf({ answerHeaders: [["Location", location]] }));
    expect(response.headers).toEqual([["Location", shown]]);
  });

  it("takes time with the length alone, of a header or a query that is made to take more", () => {
    const hostile = [
      "%".repeat(60_000),
      ";".repeat(60_000),
      "=".repeat(60_000),
      "//@".repeat(20_000),
      "#".repeat(60_000),
    ];
    const headers = hostile.map((value) => ["referer", value] as const);
    const shown = redactExchange({
      ...withQuery(hostile.join("&")),
      response: exchangeOf({ answerHeaders: headers }).response,
    });
    expect(shown.response.headers).toHaveLength(5);
  });
});
