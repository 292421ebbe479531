import { describe, expect, it } from "vitest";
import { createMail } from "../../../src/mail.ts";

const MAIL = { to: "a@example.com", subject: "50 hits", text: "text" };

describe("e-mail", () => {
  it("goes by the platform's binding, from the installation's address, as text alone", async () => {
    const sent: unknown[] = [];
    const binding = {
      send: async (message: unknown) => {
        sent.push(message);
        return { messageId: "1" };
      },
    };
    await createMail(binding, "hooks@example.com")?.(MAIL);
    expect(sent).toEqual([{ from: "hooks@example.com", ...MAIL }]);
  });

  it("is not there without a binding, or an address to come from", () => {
    expect(createMail(undefined, "hooks@example.com")).toBeNull();
    expect(createMail({ send: async () => ({ messageId: "1" }) }, undefined)).toBeNull();
  });
});
