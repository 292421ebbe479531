/** What the promise gives, or `undefined` after so many ms; what comes of it later is nobody's. Rejects as it does. */
export const within = async <Value>(promise: Promise<Value>, ms: number): Promise<Value | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    try {
      timer = setTimeout(() => resolve(undefined), ms);
    } catch {
      // A request may have 10,000 timers at once. What has none of its own waits for the promise alone.
    }
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
