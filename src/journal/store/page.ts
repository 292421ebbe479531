import type { Exchange } from "../exchange.ts";
import { readExchange } from "./read.ts";
import { holdsPhrase } from "./search-text.ts";

/** A page ends here, so that it always fits in one call (32 MiB) and in memory: its last exchange may be 24 MiB alone. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** How much one call reads where the index does not help. */
const LOOKED_AT_BYTES = 16 * 1024 * 1024;

/** What one call gives back, gathered until it is enough. */
export interface Page {
  readonly items: readonly Exchange[];
  readonly isFull: () => boolean;
  /** Takes the exchange of this place, if it is still there, and if it holds `phrase` (`undefined`: it is known to, or need not). */
  readonly look: (place: number, phrase: string | undefined) => void;
}

export const createPage = (sql: SqlStorage, limit: number, bodyBytes: number): Page => {
  const items: Exchange[] = [];
  let pageBytes = 0;
  let lookedAtBytes = 0;

  const holds = (place: number, phrase: string): boolean => {
    const whole = readExchange(sql, place, Number.POSITIVE_INFINITY);
    lookedAtBytes += whole?.bytes ?? 0;
    return whole !== undefined && holdsPhrase(whole.exchange, phrase);
  };

  return {
    items,
    isFull: () => items.length >= limit || pageBytes > PAGE_BYTES || lookedAtBytes > LOOKED_AT_BYTES,
    look: (place, phrase) => {
      if (phrase !== undefined && !holds(place, phrase)) return;
      const read = readExchange(sql, place, bodyBytes);
      if (read === undefined) return;
      items.push(read.exchange);
      pageBytes += read.bytes;
    },
  };
};
