import { onTestFinished, vi } from "vitest";

/** A request as another server got it. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

export interface Origin {
  readonly arrived: readonly Arrived[];
}

/** In place of all other servers, for this test: the Worker's own code runs up to the platform's `fetch`. */
export const standIn = (answer: (arrived: Arrived) => Response | Promise<Response>): Origin => {
  const arrived: Arrived[] = [];
  vi.stubGlobal("fetch", async (input: string | Request, init: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { method, url, headers } = request;
    const one = { method, url, headers, text: await request.text() };
    arrived.push(one);
    const { signal } = init;
    return Promise.race([
      answer(one),
      new Promise<never>((_, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    ]);
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return { arrived };
};
