/** Keeps what was used last, up to `maxBytes` in all. A value over the limit is not kept. */
export interface Lru<Value> {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value, bytes: number) => void;
  readonly remove: (key: string) => void;
  /** As they are now. Does not count as a use. */
  readonly keys: () => readonly string[];
  readonly bytes: () => number;
}

export const createLru = <Value>(maxBytes: number): Lru<Value> => {
  // A Map iterates in the order of insertion: the first key is the one unused for longest.
  const held = new Map<string, { readonly value: Value; readonly bytes: number }>();
  let total = 0;

  const remove = (key: string): void => {
    const entry = held.get(key);
    if (entry === undefined) return;
    held.delete(key);
    total -= entry.bytes;
  };

  return {
    get: (key) => {
      const entry = held.get(key);
      if (entry === undefined) return undefined;
      held.delete(key);
      held.set(key, entry);
      return entry.value;
    },
    set: (key, value, bytes) => {
      remove(key);
      if (bytes > maxBytes) return;
      held.set(key, { value, bytes });
      total += bytes;
      for (const oldest of held.keys()) {
        if (total <= maxBytes) break;
        remove(oldest);
      }
    },
    remove,
    keys: () => [...held.keys()],
    bytes: () => total,
  };
};
