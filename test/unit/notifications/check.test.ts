import { describe, expect, it } from "vitest";
import type { FieldError } from "../../../src/lib/errors.ts";
import { normalAddress } from "../../../src/notifications/addresses/address.ts";
import { checkNotifications, type NotificationsInput } from "../../../src/notifications/check.ts";
import { TERMS } from "../../support/targets.ts";

const HOOK = { kind: "webhook", url: "https://example.com/x" } as const;
const MAIL = { kind: "email", address: "a@example.com" } as const;

const faultsOf = (given: NotificationsInput, terms = TERMS): readonly string[] => {
  const faults: FieldError[] = [];
  checkNotifications(given, terms, faults);
  return faults.map(({ path, message }) => `${path}: ${message}`);
};

const to = (...targets: NonNullable<NotificationsInput["to"]>): NotificationsInput => ({
  on: "hits",
  every: "5m",
  to: targets,
});

describe("notifications of a definition", () => {
  it("are what was given, addresses with their domain in lower case", () => {
    const faults: FieldError[] = [];
    const given = to(HOOK, { kind: "email", address: "a@Example.COM" });
    expect(checkNotifications(given, TERMS, faults)).toEqual({ on: "hits", every: "5m", to: [HOOK, MAIL] });
    expect(faults).toEqual([]);
    expect(checkNotifications(null, TERMS, faults)).toBeNull();
  });

  it.each([
    [{ on: "never", every: "5m", to: [HOOK] }, "notifications.on: One of hits, failures."],
    [{ on: "hits", every: "2m", to: [HOOK] }, "notifications.every: One of 5m, 15m, 1h, 6h, 24h."],
    [to(), "notifications.to: From 1 to 5 targets"],
    [to(HOOK, MAIL, HOOK), "notifications.to.2: This target is named twice."],
    [to({ kind: "webhook", url: `https://example.com/${"x".repeat(2_048)}` }), "at most 2048 characters"],
    [to({ kind: "email", address: "b@example.com" }), "notifications.to.0: This address is not verified"],
    [to({ kind: "email", address: "a@example.com\r\nBcc: b@example.com" }), "no e-mail address"],
  ])("%j is refused with words", (given, message) => {
    expect(faultsOf(given)).toEqual([expect.stringContaining(message)]);
  });

  it("says what this installation cannot do", () => {
    expect(faultsOf(to(HOOK), { ...TERMS, canSign: false })).toEqual([
      expect.stringContaining("MASTER_KEYS"),
    ]);
    expect(faultsOf(to(MAIL), { ...TERMS, canMail: false })).toEqual([expect.stringContaining("send_email")]);
    expect(faultsOf(to(HOOK), { ...TERMS, refusalOfUrl: () => "URL not allowed" })).toEqual([
      "notifications.to.0: URL not allowed",
    ]);
  });

  it("does not judge again what was there before", () => {
    const terms = { ...TERMS, canMail: false, canSign: false, accepted: [HOOK, MAIL] };
    expect(faultsOf(to(HOOK, MAIL), terms)).toEqual([]);
  });
});

describe("an e-mail address", () => {
  it.each(["a@b.example", "first.last+tag@sub.example.org", "x_y@EXAMPLE.com"])("may be %s", (text) => {
    expect(normalAddress(text)?.endsWith(text.slice(text.indexOf("@")).toLowerCase())).toBe(true);
  });

  it.each([
    "",
    "a",
    "a@b",
    "a@b@c.example",
    "a b@c.example",
    "<a@b.example>",
    '"a b"@c.example',
    "a@b.example,c@d.example",
    "a@b.example;c@d.example",
    "a@b.example\n",
    "a@[127.0.0.1]",
    "ä@b.example",
    `${"a".repeat(65)}@b.example`,
    `a@${"b.".repeat(130)}example`,
  ])("may not be %j", (text) => {
    expect(normalAddress(text)).toBeUndefined();
  });
});
