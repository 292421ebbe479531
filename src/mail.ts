import type { Mail } from "./notifications/index.ts";

/** E-mail by the platform's binding, from the installation's own address; `null` when the operator has configured none. */
export const createMail = (
  binding: Pick<SendEmail, "send"> | undefined,
  from: string | undefined,
): ((mail: Mail) => Promise<void>) | null =>
  binding === undefined || from === undefined
    ? null
    : async ({ to, subject, text }) => {
        await binding.send({ from, to, subject, text });
      };
