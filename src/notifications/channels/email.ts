import type { Notice, Subscription } from "../notice.ts";
import type { Channel } from "./channel.ts";

/** Text only. The sender's address is the installation's. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface EmailDeps {
  /** `null`: this installation sends none. */
  readonly sendMail: ((mail: Mail) => Promise<void>) | null;
  readonly isVerified: (accountId: string, address: string) => Promise<boolean>;
}

/** One line of it: a line break in a subject would begin a header of its own (CWE-93). */
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");

const time = (ms: number): string => new Date(ms).toISOString();

const whatOf = ({ on, count }: Notice): string => {
  const [one, many] = on === "hits" ? ["hit", "hits"] : ["failure", "failures"];
  return `${count} ${count === 1 ? one : many}`;
};

export const mailOf = ({ responder }: Subscription, notice: Notice, to: string): Mail => {
  const name = oneLine(responder.name);
  const what = whatOf(notice);
  const lines = [
    `${what} of the responder ${name} (${responder.id}).`,
    "",
    `First: ${time(notice.firstAt)}`,
    `Last:  ${time(notice.lastAt)}`,
    ...(notice.on === "hits" ? [`Failures among them: ${notice.failures}`] : []),
    ...(notice.exchanges.length === 0 ? [] : ["", "The last of them in its journal:", ...notice.exchanges]),
    "",
    `Notification ${notice.id}. To end these, set \`notifications\` of the responder to null.`,
  ];
  return { to, subject: `${what} of ${name}`, text: `${lines.join("\n")}\n` };
};

export const createEmailChannel =
  ({ sendMail, isVerified }: EmailDeps): Channel<"email"> =>
  async (subscription, notice, { address }) => {
    if (sendMail === null) return { status: null, error: "no-email" };
    // Asked again: an address that was taken away must not be written to any more.
    if (!(await isVerified(subscription.accountId, address))) return { status: null, error: "not-verified" };
    try {
      await sendMail(mailOf(subscription, notice, address));
      return { status: null, error: null };
    } catch {
      return { status: null, error: "rejected" };
    }
  };
