import { type BaseImage, blockSetBytes, type ScriptImage } from "./image.ts";
import type { Program } from "./run.ts";

interface Entry {
  readonly base: BaseImage;
  readonly form: Program["form"];
  readonly script: ScriptImage;
}

/**
 * Images of compiled scripts, by account and source, one for each text. An account finds only its own, so that it can neither poison
 * another's nor tell by the time a run takes what others run.
 */
export interface ScriptImages {
  readonly find: (account: string, base: BaseImage, program: Program) => ScriptImage | undefined;
  readonly keep: (account: string, base: BaseImage, program: Program, script: ScriptImage) => void;
  /** Forgets all: they are only ahead of work that can be done again. */
  readonly clear: () => void;
  readonly count: () => number;
  readonly byteLength: () => number;
}

export interface ScriptImagesRules {
  readonly maxBytes: number;
  readonly maxBytesPerAccount: number;
}

/** A sixth of the isolate, and an account's share a quarter of it. */
export const SCRIPT_IMAGES_RULES: ScriptImagesRules = {
  maxBytes: 16_000_000,
  maxBytesPerAccount: 4_000_000,
};

const bytesOf = (code: string, { blocks }: ScriptImage): number => blockSetBytes(blocks) + 2 * code.length;

export const createScriptImages = (rules: ScriptImagesRules): ScriptImages => {
  /** Accounts and, within each, sources: both in the order of their last use. */
  const accounts = new Map<string, Map<string, Entry>>();
  const sizes = new Map<string, number>();
  let total = 0;

  const add = (account: string, bytes: number): void => {
    sizes.set(account, (sizes.get(account) ?? 0) + bytes);
    total += bytes;
  };
  const remove = (account: string, code: string): void => {
    const own = accounts.get(account);
    const entry = own?.get(code);
    if (own === undefined || entry === undefined) return;
    own.delete(code);
    add(account, -bytesOf(code, entry.script));
    if (own.size > 0) return;
    accounts.delete(account);
    sizes.delete(account);
  };
  const removeOldest = (account: string): void => {
    const [code] = accounts.get(account)?.keys() ?? [];
    if (code !== undefined) remove(account, code);
  };
  const put = (account: string, code: string, entry: Entry): void => {
    const own = accounts.get(account) ?? new Map<string, Entry>();
    accounts.delete(account);
    accounts.set(account, own);
    own.delete(code);
    own.set(code, entry);
  };

  return {
    find: (account, base, { form, code }) => {
      const entry = accounts.get(account)?.get(code);
      if (entry === undefined || entry.base !== base || entry.form !== form) return undefined;
      put(account, code, entry);
      return entry.script;
    },
    keep: (account, base, { form, code }, script) => {
      const bytes = bytesOf(code, script);
      remove(account, code);
      if (bytes > rules.maxBytesPerAccount) return;
      put(account, code, { base, form, script });
      add(account, bytes);
      while ((sizes.get(account) ?? 0) > rules.maxBytesPerAccount) removeOldest(account);
      while (total > rules.maxBytes) {
        const [oldest] = accounts.keys();
        if (oldest === undefined) return;
        removeOldest(oldest);
      }
    },
    clear: () => {
      accounts.clear();
      sizes.clear();
      total = 0;
    },
    count: () => [...accounts.values()].reduce((sum, own) => sum + own.size, 0),
    byteLength: () => total,
  };
};
