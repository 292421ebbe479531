/** Where an error goes that nobody can catch: one thrown by a listener, a timer or a microtask. The run goes on. */
let reporter = (_error: unknown): void => undefined;

export const report = (error: unknown): void => reporter(error);
export const reportTo = (next: (error: unknown) => void): void => {
  reporter = next;
};

/** Calls what a script gave, and reports instead of throwing. */
export const guarded = (call: () => unknown): void => {
  try {
    call();
  } catch (error) {
    report(error);
  }
};
