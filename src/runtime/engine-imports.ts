import { EngineFault } from "./stop-run.ts";

/** What the engine asks of the host, besides its memory. */
export interface EngineHooks {
  /** Whole milliseconds since the epoch: nothing finer reaches the guest, so it cannot time what it shares a CPU with. */
  readonly now: () => number;
  /** Whole milliseconds since the run began. */
  readonly sinceStart: () => number;
  /** Makes the memory at least so many bytes long, or tells that it may not be. */
  readonly resize: (bytes: number) => boolean;
  /** A call of the host function: pointers to its arguments, and back a pointer to a value that the engine frees, or 0. */
  readonly call: (argumentCount: number, argumentsAt: number) => number;
  /** Asked now and then while guest code runs; `true` ends it by an error that no guest code can catch. */
  readonly mustStop: () => boolean;
}

const BAD_FILE = 8;
const NANOSECONDS_PER_MS = 1_000_000n;
const REAL_TIME = 0;

/** UTC, whatever the machine's zone is: a run is the same everywhere. */
const writeLocalTime = (view: DataView, seconds: number, at: number): void => {
  const date = new Date(seconds * 1_000);
  const newYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear() - 1900,
    date.getUTCDay(),
    Math.floor((date.getTime() - newYear) / 86_400_000),
    0,
    0,
  ];
  for (const [index, field] of fields.entries()) view.setInt32(at + 4 * index, field, true);
};

const fault = (what: string) => (): never => {
  throw new EngineFault(what);
};

/**
 * The import object of one instance. It replaces the package's own loader, which would loop on counts that the guest
 * can forge (`fd_write`), lend it the machine's environment and time zone, and print for it.
 */
export const engineImports = (
  memory: WebAssembly.Memory,
  mirror: WebAssembly.Memory,
  hooks: EngineHooks,
): WebAssembly.Imports => {
  const view = () => new DataView(memory.buffer);
  return {
    host: {
      memory,
      mirror,
      resize_heap: (bytes: number) => (hooks.resize(bytes >>> 0) ? 1 : 0),
      call_function: (_context: number, _self: number, count: number, args: number) =>
        hooks.call(count, args),
      date_now: () => hooks.now(),
      clock_time: (clock: number, _precision: bigint, at: number) => {
        const ms = clock === REAL_TIME ? hooks.now() : hooks.sinceStart();
        view().setBigInt64(at >>> 0, BigInt(ms) * NANOSECONDS_PER_MS, true);
        return 0;
      },
      local_time: (seconds: bigint, at: number) => writeLocalTime(view(), Number(seconds), at >>> 0),
      time_zone: (zone: number, daylight: number) => {
        view().setInt32(zone >>> 0, 0, true);
        view().setInt32(daylight >>> 0, 0, true);
      },
      environ_sizes_get: (count: number, size: number) => {
        view().setUint32(count >>> 0, 0, true);
        view().setUint32(size >>> 0, 0, true);
        return 0;
      },
      environ_get: () => 0,
      fd_write: () => BAD_FILE,
      fd_close: () => BAD_FILE,
      fd_seek: () => BAD_FILE,
      set_timer: () => 0,
      clear_keepalive: () => undefined,
      free_host_ref: () => undefined,
      should_interrupt: () => (hooks.mustStop() ? 1 : 0),
      normalize_module: () => 0,
      load_module_source: () => 0,
      assert_fail: fault("an assertion of the engine failed"),
      abort: fault("the engine aborted"),
      exit: fault("the engine asked to exit"),
    },
  };
};
