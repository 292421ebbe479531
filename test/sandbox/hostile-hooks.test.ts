import { describe, expect, it } from "vitest";
import engine from "../../build/engine.wasm";
import { fromUtf8, utf8 } from "../../src/lib/bytes.ts";
import {
  forward,
  type ForwardAnswer,
  type ForwardPowers,
  type ForwardRequest,
  keepBody,
  openRunBodies,
  random,
  timers,
} from "../../src/runtime/index.ts";
import { sandboxOf, type Trial, valueOf } from "../support/sandbox.ts";

const sandbox = sandboxOf(engine);
const HEAD = { method: "GET", url: "https://demo.example/a", body: "none" };
const asked = (more: object = {}, text = ""): string =>
  JSON.stringify(`${JSON.stringify({ ...HEAD, ...more })}\n${text}`);

const answered = (body: ReadableStream<Uint8Array> | null = null): ForwardAnswer => ({
  kind: "answered",
  status: 200,
  statusText: "",
  headers: [["x-up", "1"]],
  body: body && keepBody(body, null, { most: 1_000, take: () => true }),
  forwarded: { method: "GET", url: "https://up.example/a", headers: [] },
});

/** A script that has the door itself, and an upstream of the test's. */
const upstream = (
  answer: (request: ForwardRequest, signal: AbortSignal) => ForwardAnswer | Promise<ForwardAnswer>,
) => {
  const seen: ForwardRequest[] = [];
  const powers: ForwardPowers = {
    unitsPerByte: 0,
    forward: async (request, signal) => {
      seen.push(request);
      return answer(request, signal);
    },
  };
  const trial = (more: Trial = {}): Trial => ({
    grants: [timers, random, forward(powers, openRunBodies())],
    pauseMs: 10_000,
    ...more,
  });
  return { seen, trial };
};

describe("a script that has the door to its upstream in its hands", () => {
  it("sends once, however often it asks, and waits for it in no time of its own", async () => {
    const { seen, trial } = upstream(async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return answered();
    });
    const code = `export default async () => {
      const first = later("forward", ${asked()});
      const told = [];
      for (const op of ["forward", "forward-bytes"]) {
        try { await later(op, ${asked()}); told.push("sent"); } catch (e) { told.push(e.message); }
      }
      return [JSON.parse(await first).status, ...told];
    }`;
    const outcome = await sandbox.run(code, trial({ limits: { wallMs: 200 } }));
    expect(valueOf(outcome)).toEqual([200, "A hit is forwarded once.", "A hit is forwarded once."]);
    expect([seen.length, outcome.wallMs < 200]).toEqual([1, true]);
  });

  it("sends nothing any more once it has answered", async () => {
    const { seen, trial } = upstream(() => answered());
    const code = `export default async () => {
      waitUntil((async () => { await sleep(1); try { await later("forward", ${asked()}); } catch (e) { print(e.message); } })());
      return 1;
    }`;
    const { logs } = await sandbox.run(code, trial());
    expect(logs.map(({ text }) => text)).toEqual(["A hit is forwarded once."]);
    expect(seen).toEqual([]);
  });

  it.each([
    ["no JSON", `"{"`],
    ["no request", `"{}\\n"`],
    ["no text for a URL", asked({ url: 5 })],
    ["headers that are none", asked({ headers: [["a"]] })],
    ["a header that would split", asked({ headers: [["a", "b\r\nc: d"]] })],
    ["a name that would split", asked({ headers: [["a\r\nb", "c"]] })],
    ["names that are none", asked({ set: [5] })],
    ["a body that there is not", asked({ body: { stream: 7 } })],
    ["a body of another kind", asked({ body: { file: 7 } })],
    ["JSON too deep", asked({ headers: [[[[["a"]]]]] })],
    ["a head too long", asked({ url: "x".repeat(300_000) })],
  ])("is refused %s", async (_what, argument) => {
    const { seen, trial } = upstream(() => answered());
    const code = `export default async () => { try { await later("forward", ${argument}); return "sent" } catch (e) { return e.name } }`;
    expect(valueOf(await sandbox.run(code, trial()))).toBe("TypeError");
    expect(seen).toEqual([]);
  });

  it("gets no body by an id that it was not given", async () => {
    const { trial } = upstream(() => answered(new Blob(["secret"]).stream()));
    const code = `export default async () => {
      const { stream } = JSON.parse(await later("forward", ${asked()}));
      const id = (n) => new Uint32Array([n]).buffer;
      const told = [];
      for (const n of [0, stream + 1, 2 ** 32 - 1]) {
        try { await later("stream-text", id(n)); told.push("read"); } catch (e) { told.push(e.name); }
      }
      return [...told, await later("stream-text", id(stream))];
    }`;
    expect(valueOf(await sandbox.run(code, trial()))).toEqual([
      "TypeError",
      "TypeError",
      "TypeError",
      "secret",
    ]);
  });

  it("ends by its own time in front of a body that never ends, and gives up one that is too long", async () => {
    const stalled = upstream(() => answered(new ReadableStream({}, { highWaterMark: 0 })));
    const read = `export default async () => {
      const { stream } = JSON.parse(await later("forward", ${asked()}));
      try { return await later("stream-text", new Uint32Array([stream]).buffer) } catch (e) { return e.message }
    }`;
    const ended = await sandbox.run(read, stalled.trial({ limits: { wallMs: 150 } }));
    expect(ended).toMatchObject({ kind: "exceeded", limit: "wall" });
    const endless = upstream(() =>
      answered(
        new ReadableStream(
          { pull: (controller) => controller.enqueue(utf8("x".repeat(600))) },
          { highWaterMark: 0 },
        ),
      ),
    );
    expect(valueOf(await sandbox.run(read, endless.trial()))).toBe("Upstream response body too large");
  });

  it("is over when its upstream is: the request is called off with it", async () => {
    let isOff = false;
    const { trial } = upstream(
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            isOff = true;
            resolve({ kind: "failed", message: "off", fault: "broken" });
          });
        }),
    );
    const code = `export default async () => { later("forward", ${asked()}); await sleep(5); for (;;) {} }`;
    const outcome = await sandbox.run(code, trial({ limits: { cpuMs: 20 } }));
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "cpu" });
    expect(isOff).toBe(true);
  });

  it("cannot stop its clock by leaving the upstream alone", async () => {
    const { trial } = upstream(() => answered());
    const code = `export default async () => { await later("forward", ${asked()}); await sleep(60000) }`;
    const outcome = await sandbox.run(code, trial({ limits: { wallMs: 150 } }));
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "wall" });
  });

  it("sends its own words as they are", async () => {
    const { seen, trial } = upstream(() => answered());
    const code = `export default async () => { await later("forward", ${asked({ body: "own", headers: [["X-A", "1"]] }, "words")}) }`;
    await sandbox.run(code, trial());
    const [request] = seen;
    expect(request?.headers).toEqual([["x-a", "1"]]);
    expect(request?.body instanceof Uint8Array && fromUtf8(request.body)).toBe("words");
  });
});
