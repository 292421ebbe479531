/**
 * Ends on the next turn of the event loop in workerd, where a timer of 0 ms takes more than a millisecond.
 * A channel belongs to the request that made it.
 */
export const createNextTurn = (): (() => Promise<void>) => {
  // Held whole: a receiving end that nobody holds is collected, and its messages with it.
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.addEventListener("message", () => waiting.shift()?.());
  channel.port1.start();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    });
};
