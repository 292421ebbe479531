/** No pattern ends here. */
export const NO_PATTERN = -1;
/** The state in which no pattern has begun. */
export const AT_ROOT = 0;

/** Of a node: its only child by number, as its byte and one; no child; and whether more of them stand in the table. */
const BYTE = 0x1ff;
const BRANCHED = 0x200;
/** 2^32 by the golden ratio: spreads keys that follow each other (Knuth, "The Art of Computer Programming", 6.4). */
const SPREAD = 0x9e3779b1;

/**
 * Many patterns looked for at once, in time linear in the input whatever it and they are (Aho and Corasick, 1975).
 * A state is a number: the node of the longest beginning of a pattern with which the input so far ends.
 */
export interface PatternMatcher {
  readonly step: (state: number, byte: number) => number;
  /** How many of the last bytes may be the beginning of a pattern. */
  readonly depth: (state: number) => number;
  /** The longest pattern that ends here (of two equal ones the first), or `NO_PATTERN`. The others that end here lie within it. */
  readonly found: (state: number) => number;
  readonly lengthOf: (pattern: number) => number;
  /** In bytes. */
  readonly longest: number;
  /**
   * From the root state: the first place from `from` on where a pattern may begin, or a byte to stop at stands, and at the
   * latest the last byte. What may begin right before such a byte counts, whatever the byte.
   */
  readonly skip: (bytes: Uint8Array, from: number) => number;
  /** How many edges were looked at in all: linear cost is asserted by it, since times have noise. */
  readonly transitions: () => number;
}

/** A power of two that leaves half of the table free. */
const tableSize = (entries: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, entries * 2)));

/**
 * The trie of the patterns, in 6 bytes a node (12 once it is linked): a node's first child is the node after it, and only the
 * others stand in a table. Patterns have 2 to 65,535 bytes each, and 16 million in all.
 */
const createTrie = (patterns: readonly Uint8Array[]) => {
  const most = 1 + patterns.reduce((sum, pattern) => sum + pattern.length, 0);
  const children = new Uint16Array(most);
  const found = new Int32Array(most);
  const fromRoot = new Int32Array(256);
  // A pattern leaves the paths that were there once at most.
  const size = tableSize(patterns.length);
  const keys = new Uint32Array(size);
  const targets = new Int32Array(size);
  const shift = 32 - Math.log2(size);
  let nodes = 1;

  const slotOf = (key: number): number => {
    let slot = Math.imul(key, SPREAD) >>> shift;
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1);
    return slot;
  };

  const child = (node: number, byte: number): number => {
    if (node === AT_ROOT) return fromRoot[byte] ?? 0;
    const own = children[node] ?? 0;
    if ((own & BYTE) === byte + 1) return node + 1;
    return (own & BRANCHED) === 0 ? 0 : (targets[slotOf(node * 256 + byte)] ?? 0);
  };

  const add = (node: number, byte: number): number => {
    const added = nodes;
    nodes += 1;
    const own = children[node] ?? 0;
    if (node === AT_ROOT) {
      fromRoot[byte] = added;
    } else if (own === 0 && added === node + 1) {
      children[node] = byte + 1;
    } else {
      children[node] = own | BRANCHED;
      const slot = slotOf(node * 256 + byte);
      keys[slot] = node * 256 + byte;
      targets[slot] = added;
    }
    return added;
  };

  for (const [index, pattern] of patterns.entries()) {
    let node = AT_ROOT;
    for (const byte of pattern) node = child(node, byte) || add(node, byte);
    found[node] ||= index + 1;
  }
  return { child, found, nodes };
};

type Trie = ReturnType<typeof createTrie>;

/**
 * Where each node goes on when its byte does not fit, level by level: all patterns at once, so that it takes no list
 * of children. Completes `found` by what ends within.
 */
const link = ({ child, found, nodes }: Trie, patterns: readonly Uint8Array[]) => {
  const fallback = new Int32Array(nodes);
  const depths = new Uint16Array(nodes);
  const longestFirst = patterns.toSorted((left, right) => right.length - left.length);
  const reached = new Int32Array(patterns.length);
  let active = patterns.length;
  for (let depth = 1; active > 0; depth += 1) {
    for (let index = 0; index < active; index += 1) {
      const byte = longestFirst[index]?.[depth - 1] ?? 0;
      const parent = reached[index] ?? 0;
      const node = child(parent, byte);
      reached[index] = node;
      if (depths[node] !== 0) continue;
      depths[node] = depth;
      let target = AT_ROOT;
      for (let from = parent; from !== AT_ROOT && target === AT_ROOT;) {
        from = fallback[from] ?? 0;
        target = child(from, byte);
      }
      fallback[node] = target;
      found[node] ||= found[target] ?? 0;
    }
    while (active > 0 && longestFirst[active - 1]?.length === depth) active -= 1;
  }
  return { fallback, depths };
};

/** A bit for each two bytes with which a pattern begins, or may begin where a byte to stop at stands for others. */
const markBeginnings = (patterns: readonly Uint8Array[], stops: readonly number[]): Uint32Array => {
  const begins = new Uint32Array(65_536 / 32);
  const mark = (first: number, second: number): void => {
    const pair = (first << 8) | second;
    begins[pair >>> 5] = (begins[pair >>> 5] ?? 0) | (1 << (pair & 31));
  };
  for (const [first = 0, second = 0] of patterns) {
    mark(first, second);
    for (const stop of stops) mark(first, stop);
  }
  for (const stop of stops) begins.fill(0xffffffff, stop * 8, stop * 8 + 8);
  return begins;
};

/** Time and memory linear in the patterns. `stops`: bytes at which `skip` stops besides. */
export const createPatternMatcher = (
  patterns: readonly Uint8Array[],
  stops: readonly number[] = [],
): PatternMatcher => {
  const trie = createTrie(patterns);
  const { child, found } = trie;
  const { fallback, depths } = link(trie, patterns);
  const begins = markBeginnings(patterns, stops);
  const lengths = Uint16Array.from(patterns, (pattern) => pattern.length);
  let transitions = 0;
  return {
    step: (state, byte) => {
      for (let from = state; ; from = fallback[from] ?? 0) {
        transitions += 1;
        const to = child(from, byte);
        if (to !== 0 || from === AT_ROOT) return to;
      }
    },
    depth: (state) => depths[state] ?? 0,
    found: (state) => (found[state] ?? 0) - 1,
    lengthOf: (pattern) => lengths[pattern] ?? 0,
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    skip: (bytes, from) => {
      const last = bytes.length - 1;
      let pair = bytes[from] ?? 0;
      for (let at = from; at < last; at += 1) {
        pair = ((pair << 8) | (bytes[at + 1] ?? 0)) & 0xffff;
        if ((((begins[pair >>> 5] ?? 0) >>> (pair & 31)) & 1) === 1) return at;
      }
      return Math.max(from, last);
    },
    transitions: () => transitions,
  };
};
