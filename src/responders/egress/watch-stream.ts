/** What is told of a stream as it goes by. */
export interface StreamWatcher {
  readonly passed: (bytes: number) => void;
  readonly failed?: (error: unknown) => void;
}

/** The same stream; nothing of it is taken before somebody reads. */
export const watchStream = (
  stream: ReadableStream<Uint8Array>,
  { passed, failed }: StreamWatcher,
): ReadableStream<Uint8Array> => {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const next = await reader.read();
          if (next.done) return controller.close();
          passed(next.value.length);
          controller.enqueue(next.value);
        } catch (error) {
          failed?.(error);
          throw error;
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
};
