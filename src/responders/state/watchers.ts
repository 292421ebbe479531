import { compareKeys } from "./key-order.ts";

/** Who waits for a key to be written: in memory of the one object that does the writing, so that nobody has to ask again. */
export interface Watchers {
  /** Resolves with `true` as soon as such a key is written, with `false` after so many ms or when called off. */
  readonly wait: (id: string, watched: Watched, ms: number) => Promise<boolean>;
  readonly written: (key: string) => void;
  readonly callOff: (id: string) => void;
  readonly callOffAll: () => void;
  readonly count: () => number;
}

/** Keys with this prefix that come after `after`. */
export interface Watched {
  readonly prefix: string;
  readonly after: string | null;
}

export const takesKey = ({ prefix, after }: Watched, key: string): boolean =>
  key.startsWith(prefix) && (after === null || compareKeys(key, after) > 0);

interface Waiting {
  readonly watched: Watched;
  readonly end: (woken: boolean) => void;
}

export const createWatchers = (): Watchers => {
  const waiting = new Map<string, Waiting>();
  return {
    wait: (id, watched, ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => end(false), ms);
        const end = (woken: boolean): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(woken);
        };
        waiting.set(id, { watched, end });
      }),
    written: (key) => {
      for (const { watched, end } of waiting.values()) {
        if (takesKey(watched, key)) end(true);
      }
    },
    callOff: (id) => waiting.get(id)?.end(false),
    callOffAll: () => {
      for (const { end } of waiting.values()) end(false);
    },
    count: () => waiting.size,
  };
};
