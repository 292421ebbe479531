import type { GrantedSecret } from "./granted.ts";

export const PLACEHOLDER_PREFIX = "hwsec_";
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
/** 180 bits: a sender, or another run, cannot guess them. */
const RANDOM_LETTERS = 36;
/** A run has no more than a million. */
const COUNTING_LETTERS = 4;
export const PLACEHOLDER_LENGTH = PLACEHOLDER_PREFIX.length + RANDOM_LETTERS + COUNTING_LETTERS;

/** Finds what may be a placeholder in a text; which ones are this run's, only the run knows. */
export const PLACEHOLDER = /hwsec_[a-z2-7]{40}/g;

/** What a placeholder stands for: a secret's own text, or that text behind `user:` as Basic credentials (RFC 7617). */
export interface Placeholder {
  readonly text: string;
  readonly secret: GrantedSecret;
  readonly basicUser: string | null;
}

/** The placeholders of one run, of no meaning to any other. A secret is named by its place in the run's grants. */
export interface Placeholders {
  readonly of: (place: number) => Placeholder | undefined;
  /** A placeholder of its own for the secret as a password of `user`; the same for the same user. */
  readonly ofBasicAuth: (place: number, user: string) => Placeholder | undefined;
  readonly find: (text: string) => Placeholder | undefined;
}

/** Five bits of each byte are used. */
const randomLetters = (randomBytes: (count: number) => Uint8Array): string => {
  let text = "";
  for (const byte of randomBytes(RANDOM_LETTERS)) text += LETTERS.charAt(byte & 31);
  return text;
};

const lettersOf = (count: number): string =>
  LETTERS.charAt((count >> 15) & 31) +
  LETTERS.charAt((count >> 10) & 31) +
  LETTERS.charAt((count >> 5) & 31) +
  LETTERS.charAt(count & 31);

const countOf = (letters: string): number => {
  let count = 0;
  for (const letter of letters) count = count * 32 + LETTERS.indexOf(letter);
  return count;
};

/**
 * All of a run's begin alike: its script has every one of them anyway, and one random text costs less than hundreds. They
 * are counted: first the secrets, then the credentials made of them.
 */
export const createPlaceholders = (
  secrets: readonly GrantedSecret[],
  randomBytes: (count: number) => Uint8Array,
): Placeholders => {
  const run = secrets.length === 0 ? "" : PLACEHOLDER_PREFIX + randomLetters(randomBytes);
  const credentials: Placeholder[] = [];
  const of = (place: number): Placeholder | undefined => {
    const secret = secrets[place];
    return secret && { text: run + lettersOf(place), secret, basicUser: null };
  };
  return {
    of,
    ofBasicAuth: (place, user) => {
      const secret = secrets[place];
      if (secret === undefined) return undefined;
      const known = credentials.find((each) => each.secret === secret && each.basicUser === user);
      if (known !== undefined) return known;
      const text = run + lettersOf(secrets.length + credentials.length);
      const made = { text, secret, basicUser: user };
      credentials.push(made);
      return made;
    },
    find: (text) => {
      if (run === "" || text.length !== run.length + COUNTING_LETTERS || !text.startsWith(run))
        return undefined;
      const count = countOf(text.slice(run.length));
      return of(count) ?? credentials[count - secrets.length];
    },
  };
};
