import type { Engine, Value } from "./engine.ts";
import { EngineFault } from "./stop-run.ts";

/**
 * Evaluated before any other guest code. It closes the ways from a string to code (`eval`, and the constructors of
 * the four kinds of function, which any function leads to), lets the host seed `Math.random`, puts the host door
 * where the prelude takes it, and keeps the few functions that the host itself needs, with everything that they use
 * captured, so that no later code can change what they do.
 */
const SOURCE = `((host) => {
  "use strict";
  const { defineProperty, getPrototypeOf } = Object;
  const { parse, stringify } = JSON;
  const { imul } = Math;
  const text = String;
  const uncurried = (method) => Function.prototype.call.bind(method);
  const cut = uncurried(String.prototype.slice);
  const Bytes = Uint8Array;
  const Buffer = ArrayBuffer;
  const set = uncurried(Bytes.prototype.set);
  const classes = { __proto__: null, Error, TypeError, RangeError, SyntaxError };

  delete globalThis.eval;
  const refuse = function Function() {
    throw new classes.TypeError("code from strings is not available");
  };
  refuse.prototype = getPrototypeOf(refuse);
  const kinds = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const kind of kinds) {
    defineProperty(getPrototypeOf(kind), "constructor", {
      value: refuse, writable: false, enumerable: false, configurable: false,
    });
  }
  defineProperty(refuse, "prototype", { writable: false });
  defineProperty(globalThis, "Function", { value: refuse, writable: true, enumerable: false, configurable: true });

  let a = 1, b = 2, c = 3, d = 4;
  const next = () => {
    const result = imul((imul(b, 5) << 7) | (imul(b, 5) >>> 25), 9);
    const shifted = b << 9;
    c ^= a; d ^= b; b ^= c; a ^= d; c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  for (let round = 0; round < 16; round += 1) next();
  const { random } = { random() { return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992; } };
  defineProperty(Math, "random", { value: random, writable: true, enumerable: false, configurable: true });

  defineProperty(globalThis, "__host", { value: host, writable: true, enumerable: false, configurable: true });

  const read = (value, key, most) => {
    try {
      const found = value[key];
      return found === undefined ? "" : cut(text(found), 0, most);
    } catch {
      return "";
    }
  };
  return {
    __proto__: null,
    describe(thrown) {
      if ((typeof thrown === "object" && thrown !== null) || typeof thrown === "function") {
        return stringify({
          __proto__: null, name: read(thrown, "name", 200), message: read(thrown, "message", 8192), stack: read(thrown, "stack", 16384),
        });
      }
      return stringify({ __proto__: null, name: "Error", message: "Uncaught " + cut(text(thrown), 0, 8192), stack: "" });
    },
    makeError(name, message) {
      const Class = classes[name];
      if (Class !== undefined) return new Class(message);
      return defineProperty(new classes.Error(message), "name", {
        value: name, writable: true, enumerable: false, configurable: true,
      });
    },
    seed(w, x, y, z) { a = w; b = x; c = y; d = z; },
    parse: (json) => parse(json),
    stringify: (value) => stringify(value),
    slice(buffer, from, to) {
      // Not by the method: it would ask the script for the kind of buffer to make.
      const piece = new Buffer(to - from);
      set(new Bytes(piece), new Bytes(buffer, from, to - from));
      return piece;
    },
  };
})`;

/** Guest functions that the host calls; each is a value that lives as long as the run. */
export interface GuestTools {
  /** A thrown value as JSON `{ name, message, stack }`, each cut. Its getters run, inside, under the run's fuel. */
  readonly describe: Value;
  readonly makeError: Value;
  readonly seed: Value;
  readonly parse: Value;
  readonly stringify: Value;
  readonly slice: Value;
}

const seedWords = (seed: Uint8Array): number[] => {
  const padded = new Uint8Array(16);
  padded.set(seed.subarray(0, 16));
  const view = new DataView(padded.buffer);
  const words = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  // xoshiro128** stays at zero when it begins there.
  return words.every((word) => word === 0) ? [1, 2, 3, 4] : words;
};

/** Gives `Math.random` this run's seed: an image has none of its own. */
export const seedRandom = (engine: Engine, tools: GuestTools, seed: Uint8Array): void => {
  const words = seedWords(seed).map(engine.newNumber);
  const seeded = engine.call(tools.seed, words);
  if (!seeded.ok) throw new EngineFault("the guest tools failed");
  for (const value of [seeded.value, ...words]) engine.free(value);
};

export const installTools = (engine: Engine): GuestTools => {
  const made = engine.evaluate(SOURCE, "tools", "script");
  if (!made.ok) throw new EngineFault("the guest tools do not compile");
  const host = engine.hostFunction("host");
  const tools = engine.call(made.value, [host]);
  if (!tools.ok) throw new EngineFault("the guest tools failed");
  engine.free(host);
  const tool = (name: string) => engine.property(tools.value, name);
  return {
    describe: tool("describe"),
    makeError: tool("makeError"),
    seed: tool("seed"),
    parse: tool("parse"),
    stringify: tool("stringify"),
    slice: tool("slice"),
  };
};
