type Emit = (bytes: Uint8Array) => void;

/** The end of an input that is not decided yet, in the chunks in which it came: nothing is copied. Places are those in the input. */
export const createHeldBytes = () => {
  const chunks: Uint8Array[] = [];
  /** Where the first of them begins. */
  let start = 0;

  const advance = (until: number, emit: Emit | undefined): void => {
    for (let chunk = chunks[0]; chunk !== undefined && start < until; chunk = chunks[0]) {
      const taken = chunk.subarray(0, until - start);
      emit?.(taken);
      if (taken.length === chunk.length) chunks.shift();
      else chunks[0] = chunk.subarray(taken.length);
      start += taken.length;
    }
  };

  return {
    put: (chunk: Uint8Array): void => {
      if (chunk.length > 0) chunks.push(chunk);
    },
    take: (until: number, emit: Emit): void => {
      advance(until, emit);
    },
    drop: (until: number): void => {
      advance(until, undefined);
    },
  };
};
