import type { Prelude } from "../../src/runtime/index.ts";

/**
 * The smallest prelude: it gives the guest `host` (the door itself), `later` (an async op as a promise), `sleep` and
 * `print`, calls the program's default export (or awaits its expression) with the parsed input, and answers with the
 * result as JSON in the head's `value`, or with its bytes when it is an ArrayBuffer.
 */
const SOURCE = `(() => {
  const host = globalThis.__host;
  delete globalThis.__host;
  const { stringify, parse } = JSON;
  const waiting = new Map();
  let waits = [];
  globalThis.host = host;
  globalThis.later = (op, argument) => new Promise((resolve, reject) => {
    waiting.set(host(op, argument), { resolve, reject });
  });
  globalThis.sleep = (ms) => later("timer", new Float64Array([ms]).buffer);
  globalThis.print = (text) => host("log", stringify({ level: "log", text }));
  globalThis.waitUntil = (promise) => { waits.push(promise); };
  const encode = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0));
  globalThis.frame = (head, bytes = new Uint8Array(0)) => {
    const json = encode(head);
    const whole = new Uint8Array(4 + json.length + bytes.length);
    new DataView(whole.buffer).setUint32(0, json.length, true);
    whole.set(json, 4);
    whole.set(bytes, 4 + json.length);
    return whole.buffer;
  };
  const answer = (value) => value instanceof ArrayBuffer
    ? host("answer", frame('{"body":"bytes"}', new Uint8Array(value)))
    : host("answer", frame(stringify({ __proto__: null, body: "none", value: value === undefined ? null : value })));
  const text = String;
  const cut = Function.prototype.call.bind(String.prototype.slice);
  const read = (error, key, most) => { try { return cut(text(error[key]), 0, most); } catch { return ""; } };
  const fail = (error) => host("fail", stringify({
    __proto__: null, kind: "threw",
    name: read(error, "name", 200), message: read(error, "message", 8192), stack: read(error, "stack", 16384),
  }));
  const drive = async (input, main) => {
    try {
      const run = main ?? (await import("script")).default;
      answer(await run(parse(input)));
      for (let at = 0; at < waits.length; at += 1) await waits[at];
    } catch (error) {
      fail(error);
    }
    host("done");
  };
  return {
    start(input, main) { drive(input, main); },
    settle(id, ok, value) {
      const waiter = waiting.get(id);
      waiting.delete(id);
      if (ok) waiter.resolve(value);
      else { const told = parse(value); waiter.reject(Object.assign(new Error(told.message), { name: told.name })); }
    },
  };
})()`;

export const testPrelude: Prelude = { name: "test-prelude", source: SOURCE };
