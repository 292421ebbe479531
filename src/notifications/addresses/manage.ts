import { type Principal, requireScope } from "../../accounts/index.ts";
import { sha256Hex } from "../../lib/bytes.ts";
import { AppError, invalid } from "../../lib/errors.ts";
import type { Db } from "../../storage/index.ts";
import type { EmailDeps, Mail } from "../channels/email.ts";
import { normalAddress } from "./address.ts";
import {
  type AddressRow,
  countTry,
  findAddress,
  listAddressRows,
  markVerified,
  putCode,
  removeAddress,
} from "./store.ts";

export interface AddressDeps extends Pick<EmailDeps, "sendMail"> {
  readonly db: Db;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
}

/** Where the account may send notifications to, once it is verified. */
export interface EmailAddress {
  readonly address: string;
  /** `null`: its code has not been given back yet. */
  readonly verifiedAt: number | null;
  readonly createdAt: number;
}

const MOST_ADDRESSES = 10;
/** One mail to an address in so long, and as long a code is good: whoever has a key must not fill another's mailbox. */
const CODE_MS = 15 * 60_000;
/** Of one code: 5 in 2^40 is as good as none. */
const MOST_TRIES = 5;
/** Crockford's base32: nothing in it is taken for another letter. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LETTERS = 8;

const newCode = (randomBytes: AddressDeps["randomBytes"]): string => {
  let code = "";
  for (const byte of randomBytes(CODE_LETTERS)) code += LETTERS.charAt(byte & 31);
  return code;
};

const hashOf = (accountId: string, address: string, code: string): Promise<string> =>
  sha256Hex(JSON.stringify([accountId, address, code]));

const codeMail = (to: string, code: string): Mail => ({
  to,
  subject: `${code} is your code`,
  text:
    `The code is ${code}\n\nSomebody with an account at this installation of Hookwright asked for notifications to be sent ` +
    "here. If it was not you, do nothing: without the code none will come.\n",
});

const addressOf = ({ address, verifiedAt, createdAt }: AddressRow): EmailAddress => ({
  address,
  verifiedAt,
  createdAt,
});

const noAddress = (): AppError => new AppError("not-found", "There is no such address in this account.");
const wrongCode = (): AppError =>
  invalid("code", "This is not its code, or no longer: a code is good for 15 minutes and 5 tries.");

export const listAddresses = async (
  { db }: AddressDeps,
  principal: Principal,
): Promise<readonly EmailAddress[]> => {
  requireScope(principal, "responders:read");
  return (await listAddressRows(db, principal.account.id)).map(addressOf);
};

/** Sends a code to an address. `invalid`, `over-limit`, `conflict` (verified, or too soon after the last). */
export const addAddress = async (
  { db, now, randomBytes, sendMail }: AddressDeps,
  principal: Principal,
  given: string,
): Promise<EmailAddress> => {
  requireScope(principal, "responders:write");
  const accountId = principal.account.id;
  const address = normalAddress(given);
  if (address === undefined) throw invalid("address", "This is no e-mail address.");
  if (sendMail === null) {
    const message = "This installation sends no e-mail: its operator has configured no `send_email` binding.";
    throw invalid("address", message);
  }
  const code = newCode(randomBytes);
  const codeHash = await hashOf(accountId, address, code);
  const row = { accountId, address, codeHash, createdAt: now() };
  if (!(await putCode(db, row, MOST_ADDRESSES, now() - CODE_MS))) {
    const known = await findAddress(db, accountId, address);
    if (known === undefined) {
      throw new AppError(
        "over-limit",
        `An account has at most ${MOST_ADDRESSES} addresses. Delete one first.`,
      );
    }
    const why =
      known.verifiedAt === null
        ? "A code was sent there within the last 15 minutes. Wait for it, or ask again later."
        : "This address is verified already.";
    throw new AppError("conflict", why);
  }
  try {
    await sendMail(codeMail(address, code));
  } catch (cause) {
    // Nobody has got the code: whoever asks again need not wait.
    await removeAddress(db, accountId, address);
    throw new AppError("unavailable", "The mail could not be sent. Try again.", {
      retryAfterSeconds: 60,
      cause,
    });
  }
  const made = await findAddress(db, accountId, address);
  if (made === undefined) throw noAddress();
  return addressOf(made);
};

/** `not-found`, `invalid`. */
export const verifyAddress = async (
  { db, now }: AddressDeps,
  principal: Principal,
  given: string,
  code: string,
): Promise<EmailAddress> => {
  requireScope(principal, "responders:write");
  const accountId = principal.account.id;
  const row = await findAddress(db, accountId, normalAddress(given) ?? given);
  if (row === undefined) throw noAddress();
  if (row.codeHash === null) return addressOf(row);
  const { address, codeHash } = row;
  if (row.codeSentAt < now() - CODE_MS || !(await countTry(db, row, MOST_TRIES))) throw wrongCode();
  if ((await hashOf(accountId, address, code.trim().toUpperCase())) !== codeHash) throw wrongCode();
  const verifiedAt = now();
  if (!(await markVerified(db, { accountId, address, codeHash }, verifiedAt))) throw wrongCode();
  return { ...addressOf(row), verifiedAt };
};

/** Nothing is sent there any more, whatever responders name it. `conflict`: so soon after a code that another could follow. */
export const deleteAddress = async (
  { db, now }: AddressDeps,
  principal: Principal,
  given: string,
): Promise<void> => {
  requireScope(principal, "responders:write");
  const accountId = principal.account.id;
  const row = await findAddress(db, accountId, normalAddress(given) ?? given);
  if (row === undefined) throw noAddress();
  if (row.codeSentAt >= now() - CODE_MS) {
    throw new AppError(
      "conflict",
      "A code was sent there within the last 15 minutes: it can be deleted after that.",
    );
  }
  await removeAddress(db, accountId, row.address);
};
