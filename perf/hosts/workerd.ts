import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { BundledWorker } from "./bundle-worker.ts";
import { childrenNamed, residentBytes } from "./resident.ts";
import type { Question } from "./serve.ts";

/** A workerd of its own with one worker that measures. */
export interface Workerd {
  readonly ask: (question: Question) => Promise<unknown>;
  /** The most that the process was seen to have since it began; `undefined` where that cannot be seen. */
  readonly residentBytes: () => number | undefined;
  readonly end: () => Promise<void>;
}

const LOOK_EVERY_MS = 50;

export const startWorkerd = async (
  { script, wasm }: BundledWorker,
  more: { readonly workerLoaders?: Record<string, Record<string, never>> } = {},
): Promise<Workerd> => {
  const others = new Set(childrenNamed("workerd"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [
        { type: "ESModule", path: "worker.js", contents: script },
        ...wasm.map(({ name, bytes }) => ({ type: "CompiledWasm" as const, path: name, contents: bytes })),
      ],
      compatibilityDate: "2026-08-04",
      ...more,
    }),
  );
  await miniflare.ready;
  const pid = childrenNamed("workerd").find((each) => !others.has(each));
  let most: number | undefined;
  const look = (): void => {
    const now = pid === undefined ? undefined : residentBytes(pid);
    if (now !== undefined) most = Math.max(most ?? 0, now);
  };
  const looking = setInterval(look, LOOK_EVERY_MS);

  return {
    ask: async (question) => {
      const response = await miniflare.dispatchFetch("http://localhost/", {
        method: "POST",
        body: JSON.stringify(question),
      });
      if (response.status !== 200) throw new Error((await response.text()).split("\n")[0]);
      return response.json();
    },
    residentBytes: () => most,
    end: async () => {
      clearInterval(looking);
      await miniflare.dispose();
    },
  };
};
