import type { EgressFailure, HttpRequest } from "../../runtime/index.ts";

/** One request of a run, with all the redirects that it followed, as its owner reads it. */
export interface EgressEntry {
  readonly method: string;
  /** As the script wrote it: of secrets it has the placeholders. */
  readonly url: string;
  /** `null`: there was no answer. */
  readonly status: number | null;
  /** To the last byte that was read of the answer. */
  readonly durationMs: number;
  /** Of the bodies, in bytes: what left, and what was read of the answer, decoded. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Why there was no answer, or only a part of one. */
  readonly error: string | null;
}

/** What is learned of one request as it goes on. */
export interface EgressNote {
  readonly sent: (bytes: number) => void;
  readonly answered: (status: number) => void;
  readonly received: (bytes: number) => void;
  readonly failed: (failure: EgressFailure) => void;
}

export interface EgressLog {
  readonly begin: (request: Pick<HttpRequest, "method" | "url">) => EgressNote;
  /** As it stands now, in the order in which they began. */
  readonly entries: () => readonly EgressEntry[];
}

/** In characters: what is longer is cut there. */
export const MOST_URL = 2_048;

export const createEgressLog = (now: () => number): EgressLog => {
  const entries: EgressEntry[] = [];
  return {
    entries: () => [...entries],
    begin: ({ method, url }) => {
      const beganAt = now();
      const at = entries.length;
      let entry: EgressEntry = {
        method: method.slice(0, MOST_URL),
        url: url.slice(0, MOST_URL),
        status: null,
        durationMs: 0,
        requestBytes: 0,
        responseBytes: 0,
        error: null,
      };
      const note = (news: Partial<EgressEntry>): void => {
        entry = { ...entry, ...news, durationMs: now() - beganAt };
        entries[at] = entry;
      };
      note({});
      return {
        sent: (bytes) => note({ requestBytes: entry.requestBytes + bytes }),
        answered: (status) => note({ status }),
        received: (bytes) => note({ responseBytes: entry.responseBytes + bytes }),
        failed: ({ message }) => note({ error: message }),
      };
    },
  };
};
