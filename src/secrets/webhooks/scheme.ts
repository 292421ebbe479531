import { isSameSignature } from "../operations/same-bytes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a sender has signed, or says that it has. */
export interface SignedRequest {
  /** Whole, as the sender used it. */
  readonly url: string;
  /** A header by its name in lower case, repeats joined; `undefined` when there is none. */
  readonly header: (name: string) => string | undefined;
  readonly body: Bytes;
  /**
   * What was signed as its sender knew it: in a replay, with the secrets put back that were taken out of it. Only for what is
   * hashed: a reason that quoted or measured it would tell a script what the secrets are.
   */
  readonly asSigned: (data: Bytes) => Bytes;
}

export interface SchemeSecret {
  readonly name: string;
  readonly text: string;
}

export interface Clock {
  /** In ms since the epoch. */
  readonly now: number;
  readonly toleranceSeconds: number;
}

/** `at`: which of the secrets it was. A reason is for the person who reads it, who should know what to look at next. */
export type Verdict =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly reason: string };

export type Scheme = (request: SignedRequest, secrets: readonly SchemeSecret[], clock: Clock) => Verdict;

export const no = (reason: string): Verdict => ({ ok: false, reason });

/** A signature beyond this is none: what it holds would be looked at for nothing. */
const MOST_CHARACTERS = 8_192;

/** The header that a signature comes in, or why there is none to look at. */
export const signatureHeader = (
  { header }: SignedRequest,
  name: string,
  sender: string,
): { readonly value: string } | { readonly missing: Verdict } => {
  const value = header(name);
  if (value === undefined || value === "")
    return { missing: no(`no ${name} header: was the request sent by ${sender}?`) };
  return value.length > MOST_CHARACTERS ? { missing: no(`the ${name} header is too long.`) } : { value };
};

export const malformed = (name: string, wanted: string): Verdict =>
  no(`the ${name} header is not as it should be: ${wanted}.`);

/** Why a time in seconds is no time at which this was sent; `undefined` when it may be. */
export const timeFault = (
  text: string,
  name: string,
  { now, toleranceSeconds }: Clock,
): string | undefined => {
  if (!/^\d{1,12}$/.test(text)) return `the timestamp in ${name} is no number of seconds.`;
  const age = Math.floor(now / 1_000) - Number(text);
  if (Math.abs(age) <= toleranceSeconds) return undefined;
  return age > 0
    ? `the timestamp is ${age} s old: more than ${toleranceSeconds} s. It was delivered late, or sent again by somebody who recorded it.`
    : `the timestamp is ${-age} s in the future: more than ${toleranceSeconds} s. The sender's clock is wrong, or the timestamp forged.`;
};

export interface Attempt {
  /** The signature that a secret would make; `undefined` when its text is not of the form that the scheme needs. */
  readonly sign: (secretText: string) => readonly Bytes[] | undefined;
  readonly given: readonly Bytes[];
  /** What a secret must look like, for the reason. */
  readonly form: string;
  /** What else to look at when nothing matches. */
  readonly hint: string;
}

/** Of one request; senders that change their keys send two or three. */
const MOST_SIGNATURES = 20;

/** The first secret under which one of the given signatures is right. */
export const firstThatSigned = (
  secrets: readonly SchemeSecret[],
  { sign, given, form, hint }: Attempt,
): Verdict => {
  if (given.length > MOST_SIGNATURES) return no(`there are more than ${MOST_SIGNATURES} signatures.`);
  const unfit: string[] = [];
  for (const [at, { name, text }] of secrets.entries()) {
    const expected = sign(text);
    if (expected === undefined) unfit.push(name);
    else if (expected.some((one) => given.some((other) => isSameSignature(one, other))))
      return { ok: true, at };
  }
  const fit = secrets.map(({ name }) => name).filter((name) => !unfit.includes(name));
  const misfit =
    unfit.length === 0 ? "" : `${unfit.join(" and ")} cannot be such a secret, which is ${form}. `;
  if (fit.length === 0) return no(misfit.trim());
  return no(
    `${misfit}The signature does not match ${fit.join(" or ")}: check that it is ${form}, and that ${hint}.`,
  );
};
