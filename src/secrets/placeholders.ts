import type { GrantedSecret } from "./granted.ts";

export const PLACEHOLDER_PREFIX = "hwsec_";
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const RANDOM_LETTERS = 40;
export const PLACEHOLDER_LENGTH = PLACEHOLDER_PREFIX.length + RANDOM_LETTERS;

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

/** 200 bits: a sender, or another run, cannot guess one. Five bits of each byte are used. */
const newText = (randomBytes: (count: number) => Uint8Array): string => {
  let text = PLACEHOLDER_PREFIX;
  for (const byte of randomBytes(RANDOM_LETTERS)) text += LETTERS.charAt(byte & 31);
  return text;
};

export const createPlaceholders = (
  secrets: readonly GrantedSecret[],
  randomBytes: (count: number) => Uint8Array,
): Placeholders => {
  const all = new Map<string, Placeholder>();
  const add = (secret: GrantedSecret, basicUser: string | null): Placeholder => {
    const made = { text: newText(randomBytes), secret, basicUser };
    all.set(made.text, made);
    return made;
  };
  const own = secrets.map((secret) => add(secret, null));
  const basic = new Map<string, Placeholder>();
  return {
    of: (place) => own[place],
    ofBasicAuth: (place, user) => {
      const secret = secrets[place];
      if (secret === undefined) return undefined;
      const key = `${place} ${user}`;
      const made = basic.get(key) ?? add(secret, user);
      basic.set(key, made);
      return made;
    },
    find: (text) => all.get(text),
  };
};
