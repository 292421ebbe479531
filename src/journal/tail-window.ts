/**
 * How much a watcher was sent that it has not said it has seen. A WebSocket here tells nobody how much of what was sent
 * still waits: without an end to it, one watcher that never reads would fill the memory of the object that records.
 */
export interface Window {
  /** The number of the last message. */
  readonly seq: number;
  /** Characters sent after `mark`, and those up to it that are unseen. */
  readonly since: number;
  readonly before: number;
  readonly mark: number;
}

export const NEW_WINDOW: Window = { seq: 0, since: 0, before: 0, mark: 0 };

/** Some megabytes: thousands of webhooks of the common size. */
export const MOST_UNSEEN = 4 * 1024 * 1024;

export const isOpen = ({ since, before }: Window): boolean => since + before < MOST_UNSEEN;

/** What was sent since the mark is now before it, when what was before it is seen. */
const moveMark = (window: Window): Window =>
  window.before > 0 || window.since < MOST_UNSEEN / 2
    ? window
    : { seq: window.seq, since: 0, before: window.since, mark: window.seq };

export const withSent = (window: Window, characters: number): Window =>
  moveMark({ ...window, seq: window.seq + 1, since: window.since + characters });

/** The watcher has seen all messages up to this one. */
export const withSeen = (window: Window, seq: number): Window => {
  if (!Number.isSafeInteger(seq) || seq > window.seq) return window;
  if (seq === window.seq) return { ...window, since: 0, before: 0, mark: seq };
  return seq >= window.mark ? moveMark({ ...window, before: 0 }) : window;
};
