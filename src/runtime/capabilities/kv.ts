import { type AsyncOp, type Capability, OpError } from "../capability.ts";
import { countAnswer, entryAnswer, pageAnswer, setAnswer } from "./kv-answer.ts";
import { type KvLimits, type KvRequest, readKvRequest } from "./kv-request.ts";
import type { KvStore } from "./kv-store.ts";
import { createTurns } from "./turns.ts";

export { keyFault, type KvLimits, MAX_WATCH_MS, ttlFault } from "./kv-request.ts";
export {
  type KvAddition,
  type KvCondition,
  type KvCount,
  type KvEntry,
  type KvHead,
  type KvPage,
  type KvQuery,
  type KvRefusal,
  type KvSet,
  type KvStore,
  type KvValue,
  type KvWrite,
  PAGE_VALUE_BYTES,
} from "./kv-store.ts";

/** About what a call of another machine takes of this one, whatever it says. */
const CALL_UNITS = 30_000;
const UNITS_PER_BYTE = 2;
/** Each entry of a page is an object here, and a line of JSON. */
const UNITS_PER_ENTRY = 2_000;
/** Of one run. More wait for their turn, in the order in which they were asked. */
const AT_ONCE = 8;
/** Arguments of calls that are under way or wait: copies that no heap limit counts. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

const priceOf = (argument: Bytes, request: KvRequest): number =>
  CALL_UNITS +
  argument.length * UNITS_PER_BYTE +
  ("query" in request ? request.query.limit * UNITS_PER_ENTRY : 0);

const calledOff = (): OpError => new OpError("AbortError", "The run is over.");

/**
 * `kv`, `kv-bytes`: the state of whoever the store was made for, which no argument can name. Each
 * call counts among the run's operations, whatever the store says. What a script does not wait for may not be begun before the run is over.
 */
export const kv = (store: KvStore, limits: KvLimits): Capability => {
  const takeTurn = createTurns(AT_ONCE);
  let operations = 0;
  let held = 0;

  const count = (): void => {
    operations += 1;
    if (operations <= limits.operations) return;
    throw new OpError(
      "QuotaExceededError",
      `A run may call its state ${limits.operations} times: this is one more. Keep in one value what belongs together.`,
    );
  };

  const perform = async (request: KvRequest, signal: AbortSignal): Promise<Bytes | string> => {
    switch (request.call) {
      case "get":
        return entryAnswer(await store.get(request.key));
      case "set":
        return setAnswer(await store.set(request.write));
      case "delete":
        return JSON.stringify(await store.delete(request.key, request.condition));
      case "increment":
        return countAnswer(request.addition.key, await store.increment(request.addition));
      case "list":
        return pageAnswer(await store.list(request.query));
      case "watch":
        return pageAnswer(await store.watch(request.query, request.timeoutMs, signal));
    }
  };

  const opOf = (form: "text" | "frame"): AsyncOp => ({
    // Both read the argument: a price is paid before any work, and nothing is carried from one to the other.
    price: (argument) => priceOf(argument, readKvRequest(argument, form, limits)),
    call: async (argument, signal) => {
      count();
      const request = readKvRequest(argument, form, limits);
      // A watch only waits: others need not wait for it.
      if (request.call === "watch") return perform(request, signal);
      if (held + argument.length > MAX_HELD_BYTES) {
        throw new OpError(
          "QuotaExceededError",
          `More than ${MAX_HELD_BYTES} bytes are on their way to the state: await the calls before.`,
        );
      }
      held += argument.length;
      try {
        const answer = await takeTurn(() => perform(request, signal), signal);
        if (answer === undefined) throw calledOff();
        return answer;
      } finally {
        held -= argument.length;
      }
    },
  });

  return { name: "kv", async: { kv: opOf("text"), "kv-bytes": opOf("frame") } };
};
