import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import { secretsOf } from "../../support/granted-secrets.ts";

interface Sent {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const NOW = 1_700_000_000_000;
const AT = String(NOW / 1_000);

/** Which secret it was, or why it was none of them. */
const verify = (
  values: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>>,
  { url = "https://demo.example.com/hook", headers = {}, body = "" }: Sent,
  now = NOW,
): string => {
  const { granted } = secretsOf(values, { now: () => now });
  const result = granted.powers.verify([...granted.names.keys()], {
    settings: new Map(Object.entries(settings)),
    url,
    headers: Object.entries(headers),
    body: utf8(body),
  });
  switch (result.kind) {
    case "verified":
      return `by ${granted.names[result.place]}`;
    case "unverified":
      return result.reason;
    case "refused":
      return `${result.because}: ${result.message}`;
    default:
      return result satisfies never;
  }
};

const hmac = (hash: string, key: string | Uint8Array, text: string, encoding: "hex" | "base64"): string =>
  createHmac(hash, key).update(text).digest(encoding);

describe("published examples", () => {
  it("of Standard Webhooks", () => {
    const headers = (prefix: string) => ({
      [`${prefix}-id`]: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      [`${prefix}-timestamp`]: "1614265330",
      [`${prefix}-signature`]: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
    const body = '{"test": 2432232314}';
    const secret = { KEY: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
    const now = 1_614_265_330_000;
    const standard = { scheme: "standard-webhooks" };
    expect(verify(secret, standard, { headers: headers("webhook"), body }, now)).toBe("by KEY");
    expect(verify(secret, { scheme: "svix" }, { headers: headers("svix"), body }, now)).toBe("by KEY");
    expect(verify(secret, { scheme: "svix" }, { headers: headers("webhook"), body }, now)).toBe("by KEY");
    const bare = { KEY: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
    expect(verify(bare, standard, { headers: headers("webhook"), body }, now)).toBe("by KEY");
  });

  it("of GitHub", () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    const sent = { headers: { "x-hub-signature-256": signature }, body: "Hello, World!" };
    expect(verify({ KEY: "It's a Secret to Everybody" }, { scheme: "github" }, sent)).toBe("by KEY");
  });

  it("of Slack", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const headers = {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const secret = { KEY: "8f742231b10e8888abcd99yyyzzz85a5" };
    expect(verify(secret, { scheme: "slack" }, { headers, body }, 1_531_420_618_000)).toBe("by KEY");
  });

  it("of Twilio, with a form and with a body of another type", () => {
    const secret = { KEY: "12345" };
    const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const form =
      "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309";
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const headers = { ...type, "x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8=" };
    expect(verify(secret, { scheme: "twilio" }, { url, headers, body: form })).toBe("by KEY");
    const body = '{"property": "value", "boolean": true}';
    const hash = createHash("sha256").update(body).digest("hex");
    expect(hash).toBe("0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620");
    const signed = { "x-twilio-signature": "a9nBmqA0ju/hNViExpshrM61xv4=" };
    const whole = `${url}&bodySHA256=${hash}`;
    expect(verify(secret, { scheme: "twilio" }, { url: whole, headers: signed, body })).toBe("by KEY");
    expect(verify(secret, { scheme: "twilio" }, { url: whole, headers: signed, body: `${body} ` })).toMatch(
      /^the body is not the one that bodySHA256/,
    );
  });
});

const BODY = '{"amount":1200,"name":"Zoë"}';
const WHSEC = `whsec_${Buffer.from("a key of some bytes").toString("base64")}`;
const byKeyBytes = (text: string): Uint8Array => Buffer.from(text.slice(6), "base64");

interface Case {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: string;
  readonly other: string;
  readonly headers: (secret: string) => Readonly<Record<string, string>>;
  readonly header: string;
  /** The header, or the text beside the signature, that says when. */
  readonly timed: boolean;
}

const CASES: readonly Case[] = [
  {
    settings: { scheme: "standard-webhooks" },
    secret: WHSEC,
    other: "whsec_b3RoZXI=",
    header: "webhook-signature",
    headers: (secret) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": AT,
      "webhook-signature": `v1,${hmac("sha256", byKeyBytes(secret), `msg_1.${AT}.${BODY}`, "base64")}`,
    }),
    timed: true,
  },
  {
    settings: { scheme: "svix" },
    secret: WHSEC,
    other: "whsec_b3RoZXI=",
    header: "svix-signature",
    headers: (secret) => ({
      "svix-id": "msg_1",
      "svix-timestamp": AT,
      "svix-signature": `v1a,abc v1,AAAA v1,${hmac("sha256", byKeyBytes(secret), `msg_1.${AT}.${BODY}`, "base64")}`,
    }),
    timed: true,
  },
  {
    settings: { scheme: "stripe" },
    secret: "whsec_stripe",
    other: "whsec_other",
    header: "stripe-signature",
    headers: (secret) => ({
      "stripe-signature": `t=${AT}, v1=${"0".repeat(64)},v1=${hmac("sha256", secret, `${AT}.${BODY}`, "hex")},v0=1`,
    }),
    timed: true,
  },
  {
    settings: { scheme: "github" },
    secret: "git",
    other: "hub",
    header: "x-hub-signature-256",
    headers: (secret) => ({ "x-hub-signature-256": `sha256=${hmac("sha256", secret, BODY, "hex")}` }),
    timed: false,
  },
  {
    settings: { scheme: "slack" },
    secret: "slack",
    other: "other",
    header: "x-slack-signature",
    headers: (secret) => ({
      "x-slack-request-timestamp": AT,
      "x-slack-signature": `v0=${hmac("sha256", secret, `v0:${AT}:${BODY}`, "hex")}`,
    }),
    timed: true,
  },
  {
    settings: { scheme: "shopify" },
    secret: "shop",
    other: "other",
    header: "x-shopify-hmac-sha256",
    headers: (secret) => ({ "x-shopify-hmac-sha256": hmac("sha256", secret, BODY, "base64") }),
    timed: false,
  },
  {
    settings: {
      scheme: "hmac",
      header: "X-Signature",
      algorithm: "SHA-512",
      encoding: "base64",
      prefix: "v=",
    },
    secret: "own",
    other: "other",
    header: "x-signature",
    headers: (secret) => ({ "x-signature": `v=${hmac("sha512", secret, BODY, "base64")}` }),
    timed: false,
  },
];

describe.each(CASES.map((each) => [String(each.settings["scheme"]), each] as const))(
  "%s",
  (_name, { settings, secret, other, headers, header, timed }) => {
    const sent = { headers: headers(secret), body: BODY };

    it("knows which of several secrets it was", () => {
      expect(verify({ NEW: secret }, settings, sent)).toBe("by NEW");
      expect(verify({ NEW: other, OLD: secret }, settings, sent)).toBe("by OLD");
      expect(verify({ NEW: secret, OLD: other }, settings, sent)).toBe("by NEW");
    });

    it("says what to check when nothing matches", () => {
      const reason =
        /^The signature does not match NEW or OLD: check that it is .+, and that nothing changed/;
      expect(verify({ NEW: other, OLD: `${other}AAAA`.replace("=", "") }, settings, sent)).toMatch(reason);
      expect(verify({ KEY: secret }, settings, { ...sent, body: `${BODY} ` })).toMatch(/does not match KEY/);
      expect(verify({ KEY: secret }, settings, { ...sent, body: "" })).toMatch(/does not match KEY/);
    });

    it("misses its header by name", () => {
      const { [header]: _signature, ...rest } = sent.headers;
      const missing = `no ${header} header: was the request sent by`;
      expect(verify({ KEY: secret }, settings, { body: BODY, headers: rest }).slice(0, missing.length)).toBe(
        missing,
      );
    });

    it("is not confused by what is no signature", () => {
      for (const value of [
        "x",
        "v1",
        "v1,",
        "t=,v1=",
        "sha256=",
        "sha256=zz",
        "v0=1",
        "v=",
        "=".repeat(50),
        ", ,",
      ]) {
        const reason = verify({ KEY: secret }, settings, {
          ...sent,
          headers: { ...sent.headers, [header]: value },
        });
        expect(reason).toMatch(/is not as it should be|does not match|no number of seconds/);
      }
      const long = { ...sent.headers, [header]: `${sent.headers[header]}${",v1=00".repeat(2_000)}` };
      expect(verify({ KEY: secret }, settings, { ...sent, headers: long })).toMatch(/too long/);
    });

    it("takes no signature whose smallest part was changed", () => {
      const whole = sent.headers[header] ?? "";
      const signature = hmacOf(whole);
      for (let at = 0; at < signature.length; at += 7) {
        const swapped = signature[at] === "0" ? "1" : "0";
        const changed = signature.slice(0, at) + swapped + signature.slice(at + 1);
        const value = whole.replace(signature, changed);
        expect(
          verify({ KEY: secret }, settings, { ...sent, headers: { ...sent.headers, [header]: value } }),
        ).not.toBe("by KEY");
      }
    });

    if (timed)
      it("takes no timestamp that is too old, or too new", () => {
        const later = (seconds: number, tolerance?: number) =>
          verify({ KEY: secret }, { ...settings, toleranceSeconds: tolerance }, sent, NOW + seconds * 1_000);
        expect([later(300), later(-300), later(10_000, 10_000), later(0, 0)]).toEqual(
          Array(4).fill("by KEY"),
        );
        expect(later(301)).toMatch(/^the timestamp is 301 s old: more than 300 s\./);
        expect(later(-412)).toMatch(/^the timestamp is 412 s in the future: more than 300 s\./);
        expect(later(11, 10)).toMatch(/11 s old/);
      });

    if (!timed)
      it("asks no clock", () => {
        expect(verify({ KEY: secret }, settings, sent, 0)).toBe("by KEY");
      });
  },
);

/** The longest run of signature characters, which is the signature. */
const hmacOf = (header: string): string =>
  (header.match(/[A-Za-z0-9+/]{40,}/g) ?? []).findLast((part) => !/^0+$/.test(part)) ?? "";

describe("secrets and settings", () => {
  it("says when a secret cannot be of the scheme, and tries the others", () => {
    const [standard] = CASES;
    if (standard === undefined) throw new Error("no case");
    const sent = { headers: standard.headers(WHSEC), body: BODY };
    expect(verify({ BAD: "not base64!", GOOD: WHSEC }, standard.settings, sent)).toBe("by GOOD");
    expect(verify({ BAD: "not base64!" }, standard.settings, sent)).toBe(
      "BAD cannot be such a secret, which is the signing secret of this endpoint (base64, mostly behind whsec_).",
    );
    expect(verify({ BAD: "not base64!", WRONG: "whsec_b3RoZXI=" }, standard.settings, sent)).toMatch(
      /^BAD cannot be such a secret.* does not match WRONG/,
    );
  });

  it("takes no crowd of signatures", () => {
    const headers = { "stripe-signature": `t=${AT}${`,v1=${"0".repeat(64)}`.repeat(21)}` };
    expect(verify({ KEY: "k" }, { scheme: "stripe" }, { headers })).toBe(
      "there are more than 20 signatures.",
    );
  });

  it("says that v1a is not supported, where there is nothing else", () => {
    const headers = { "webhook-id": "m", "webhook-timestamp": AT, "webhook-signature": "v1a,AAAA" };
    expect(verify({ KEY: WHSEC }, { scheme: "standard-webhooks" }, { headers })).toMatch(
      /v1a.*not supported/,
    );
  });

  it("misses what is signed beside the body", () => {
    const headers = { "webhook-id": "m", "webhook-signature": "v1,AAAA" };
    expect(verify({ KEY: WHSEC }, { scheme: "standard-webhooks" }, { headers })).toBe(
      "no webhook-timestamp header, which webhook-signature also signs.",
    );
    const slack = { "x-slack-signature": "v0=00" };
    expect(verify({ KEY: "k" }, { scheme: "slack" }, { headers: slack })).toMatch(
      /no x-slack-request-timestamp header/,
    );
  });

  it.each([
    [{}, "`scheme` is one of standard-webhooks, svix, stripe, github, slack, shopify, twilio, hmac."],
    [{ scheme: "constructor" }, "`scheme` is one of"],
    [{ scheme: ["stripe"] }, "`scheme` is one of"],
    [{ scheme: "stripe", toleranceSeconds: -1 }, "`toleranceSeconds` is a number of seconds, 0 or more."],
    [{ scheme: "stripe", toleranceSeconds: "300" }, "`toleranceSeconds` is"],
    [{ scheme: "hmac" }, "with the scheme hmac, `header` names"],
    [{ scheme: "hmac", header: "a b" }, "with the scheme hmac, `header` names"],
    [{ scheme: "hmac", header: "x", algorithm: "MD5" }, "`algorithm` is one of SHA-1,"],
    [{ scheme: "hmac", header: "x", encoding: "bytes" }, "`encoding` is one of hex, base64, base64url."],
    [{ scheme: "hmac", header: "x", prefix: 1 }, "`prefix` is what stands before"],
  ])("refuses settings that are none: %o", (settings, message) => {
    expect(verify({ KEY: "k" }, settings, {}).startsWith(`usage: verifyWebhook: ${message}`)).toBe(true);
  });
});

describe("twilio", () => {
  const settings = { scheme: "twilio" };
  const form = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };
  const signed = (url: string, fields: string, more: Readonly<Record<string, string>> = form) => ({
    ...more,
    "x-twilio-signature": hmac("sha1", "token", url + fields, "base64"),
  });

  it("takes the URL with and without its port", () => {
    for (const url of ["https://a.example/x?y=1", "https://a.example:443/x?y=1"]) {
      const headers = signed(url, "");
      expect(verify({ KEY: "token" }, settings, { url: "https://a.example/x?y=1", headers })).toBe("by KEY");
      expect(verify({ KEY: "token" }, settings, { url: "https://a.example:443/x?y=1", headers })).toBe(
        "by KEY",
      );
    }
    const other = signed("https://b.example/x?y=1", "");
    expect(verify({ KEY: "token" }, settings, { url: "https://a.example/x?y=1", headers: other })).toMatch(
      /https:\/\/a\.example\/x is the URL that Twilio was told/,
    );
  });

  it("sorts fields, and takes a value that repeats once", () => {
    const url = "https://a.example/x";
    const headers = signed(url, "a1a2bZo\u00eb z");
    expect(verify({ KEY: "token" }, settings, { url, headers, body: "b=Zo%C3%AB+z&a=2&a=1&a=2" })).toBe(
      "by KEY",
    );
    expect(verify({ KEY: "token" }, settings, { url, headers, body: "b=Zo%C3%AB+z&a=2&a=1&a=3" })).not.toBe(
      "by KEY",
    );
  });

  it("takes no form that is too large to be Twilio's", () => {
    const url = "https://a.example/x";
    for (const body of ["a=1&".repeat(501), `a=${"x".repeat(65 * 1_024)}`])
      expect(verify({ KEY: "token" }, settings, { url, headers: signed(url, ""), body })).toMatch(
        /larger than/,
      );
  });
});

describe("a replay", () => {
  const SECRET = "the secret itself";
  const replayed = (value: string) => {
    const { granted } = secretsOf({ KEY: "mine", THEIRS: value }, { now: () => NOW, expand: true });
    const [, placeholder = ""] = granted.texts;
    return {
      placeholder,
      verify: (settings: Readonly<Record<string, unknown>>, { url = "", headers = {}, body = "" }: Sent) =>
        granted.powers.verify([0], {
          settings: new Map(Object.entries(settings)),
          url,
          headers: Object.entries(headers),
          body: utf8(body),
        }),
    };
  };

  it("has the secrets put back in what was signed, where their placeholders stand", () => {
    const { placeholder, verify: again } = replayed(SECRET);
    const sent = (text: string): readonly (readonly [object, Sent])[] => [
      [{ scheme: "github" }, { body: text }],
      [{ scheme: "slack" }, { body: text }],
      [{ scheme: "stripe" }, { body: text }],
      [{ scheme: "standard-webhooks" }, { body: text }],
      [{ scheme: "twilio" }, { url: `https://a.example/${text}` }],
      [{ scheme: "twilio" }, { url: "https://a.example/", body: `b=${text}&a=1` }],
    ];
    const mine =
      (text: string) =>
      (hash: string, encoding: "hex" | "base64", before = "") =>
        hmac(hash, "mine", before + text, encoding);
    for (const [text, kind] of [
      [placeholder, "verified"],
      [SECRET, "verified"],
      [`hwsec_${"a".repeat(40)}`, "unverified"],
    ] as const) {
      const sign = mine(SECRET);
      const headers: readonly Readonly<Record<string, string>>[] = [
        { "x-hub-signature-256": `sha256=${sign("sha256", "hex")}` },
        {
          "x-slack-request-timestamp": AT,
          "x-slack-signature": `v0=${sign("sha256", "hex", `v0:${AT}:`)}`,
        },
        { "stripe-signature": `t=${AT},v1=${sign("sha256", "hex", `${AT}.`)}` },
        {
          "webhook-id": "1",
          "webhook-timestamp": AT,
          "webhook-signature": `v1,${createHmac("sha256", Buffer.from("mine", "base64")).update(`1.${AT}.${SECRET}`).digest("base64")}`,
        },
        { "x-twilio-signature": sign("sha1", "base64", "https://a.example/") },
        {
          "content-type": "application/x-www-form-urlencoded",
          "x-twilio-signature": sign("sha1", "base64", "https://a.example/a1b"),
        },
      ];
      for (const [index, [settings, rest]] of sent(text).entries()) {
        const result = again({ ...settings }, { ...rest, headers: headers[index] ?? {} });
        expect([settings, result.kind]).toEqual([settings, kind]);
      }
    }
  });

  it("tells nothing of a secret that a script makes up a message of", () => {
    // A reason that quotes or measures what was put back would be a way to read it, letter by letter.
    const told = (value: string) => {
      const { placeholder: theirs, verify: again } = replayed(value);
      const own = { scheme: "hmac", header: "x-a" };
      const twilio = { "x-twilio-signature": "AAAA" };
      const form = { ...twilio, "content-type": "application/x-www-form-urlencoded" };
      const standard = { "webhook-id": "1", "webhook-timestamp": AT, "webhook-signature": "v1,AAAA" };
      const all = [
        again({ scheme: "twilio" }, { url: `https://a.example/${theirs}`, headers: twilio }),
        again({ scheme: "twilio" }, { url: "https://a.example/", headers: { "x-twilio-signature": theirs } }),
        again(
          { scheme: "twilio" },
          { url: "https://a.example/", headers: form, body: `${"&".repeat(499)}${theirs}` },
        ),
        again(
          { scheme: "twilio" },
          {
            url: "https://a.example/",
            headers: form,
            body: `${"a".repeat(65_530 - theirs.length)}${theirs}`,
          },
        ),
        again({ ...own, prefix: "17" }, { headers: { "x-a": theirs } }),
        again({ ...own, encoding: "hex" }, { headers: { "x-a": theirs } }),
        again({ ...own, encoding: "base64" }, { headers: { "x-a": theirs } }),
        again({ scheme: "stripe" }, { headers: { "stripe-signature": `t=${theirs},v1=00` } }),
        again({ scheme: "stripe" }, { headers: { "stripe-signature": `t=${AT},v1=${theirs}` } }),
        again(
          { scheme: "slack" },
          { headers: { "x-slack-signature": "v0=00", "x-slack-request-timestamp": theirs } },
        ),
        again({ scheme: "standard-webhooks" }, { headers: { ...standard, "webhook-timestamp": theirs } }),
        again({ scheme: "standard-webhooks" }, { headers: { ...standard, "webhook-signature": theirs } }),
      ];
      return JSON.stringify(all).replaceAll(theirs, "(placeholder)");
    };
    const [first, ...others] = ["1700000000", "17AB", "v1a,x v1,AAAA", "sk_live_&&x", "Z".repeat(9_000)].map(
      told,
    );
    for (const other of others) expect(other).toBe(first);
  });
});
