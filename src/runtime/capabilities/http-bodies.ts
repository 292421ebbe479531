import { OpError, type RunLoan } from "../capability.ts";
import { readWithin } from "../egress/answer-body.ts";
import { BROKEN, EgressError } from "../egress/failure.ts";

/** `given-up`: the isolate has no room for it, or the run no fuel. */
export type Whole = Awaited<ReturnType<typeof readWithin>>;

/** Bodies that stay on the host until the guest asks for them, each by an id that is good for one reader. */
export interface HeldBodies {
  readonly hold: (stream: ReadableStream<Uint8Array>) => number;
  /** The id of another reader of the same. */
  readonly clone: (id: number) => number;
  /** All of it. `signal` aborts when this reader has lost interest. */
  readonly read: (id: number, signal: AbortSignal) => Promise<Whole>;
  /** Handed over; `undefined` when there is no such body, or it was read. */
  readonly take: (id: number) => ReadableStream<Uint8Array> | undefined;
  readonly drop: (id: number) => void;
  /** The run is over: only what was handed over is still of use. */
  readonly end: () => void;
}

/** What each of its readers gets; with more than one it is read once, and kept until the run is over. */
interface Source {
  readonly stream: ReadableStream<Uint8Array>;
  readers: number;
  /** Of the readers, those to whom it was handed over. */
  outside: number;
  shared: Shared | undefined;
}

interface Shared {
  /** `over`: the run was, before all of it had been read. */
  readonly whole: Promise<Whole | { readonly kind: "over" }>;
  /** What was read until then, and who gives the rest. */
  readonly read: Uint8Array[];
  readonly rest: ReadableStreamDefaultReader<Uint8Array>;
}

export interface HeldBodiesDeps {
  /** In bytes. */
  readonly most: number;
  readonly unitsPerByte: number;
  readonly loan: () => Pick<RunLoan, "capture" | "owe">;
}

/** Each wakes the host, however small it is. */
const UNITS_PER_CHUNK = 15_000;

const noBody = (): OpError => new OpError("TypeError", "There is no such body, or it has been read.");
const isSole = ({ readers, shared }: Source): boolean => readers === 1 && shared === undefined;

export const createHeldBodies = ({ most, unitsPerByte, loan }: HeldBodiesDeps): HeldBodies => {
  const sources = new Map<number, Source>();
  const over = new AbortController();
  let ids = 0;

  const add = (source: Source): number => {
    ids += 1;
    sources.set(ids, source);
    return ids;
  };
  const find = (id: number): Source => {
    const source = sources.get(id);
    if (source === undefined) throw noBody();
    return source;
  };
  /** Its room in the isolate is counted until the run is over, or its reader gives it back. */
  const readAll = async (
    stream: ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<{ readonly whole: Whole; readonly room: number }> => {
    const { capture, owe } = loan();
    let room = 0;
    const take = (bytes: number): boolean => {
      if (!owe(UNITS_PER_CHUNK + bytes * unitsPerByte) || !capture(bytes)) return false;
      room += bytes;
      return true;
    };
    const whole = await readWithin(stream, { most, take, signal });
    return { whole, room };
  };
  const share = (source: Source): Shared => {
    if (source.shared !== undefined) return source.shared;
    const rest = source.stream.getReader();
    const read: Uint8Array[] = [];
    const copy = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const next = await rest.read();
          if (next.done) return controller.close();
          read.push(next.value);
          controller.enqueue(next.value);
        },
      },
      { highWaterMark: 0 },
    );
    const wholeOf = async (): Promise<Awaited<Shared["whole"]>> => {
      const { whole } = await readAll(copy, over.signal);
      if (whole.kind === "given-up" && over.signal.aborted && source.outside > 0) return { kind: "over" };
      if (whole.kind !== "bytes") void rest.cancel().catch(() => undefined);
      return whole;
    };
    source.shared = { whole: wholeOf(), read, rest };
    return source.shared;
  };
  const readShared = async (source: Source): Promise<Whole> => {
    const whole = await share(source).whole;
    return whole.kind === "over" ? { kind: "given-up" } : whole;
  };
  const leave = (source: Source): void => {
    source.readers -= 1;
    if (source.readers === 0 && source.shared === undefined)
      void source.stream.cancel().catch(() => undefined);
  };

  /**
   * The stream itself for who is alone with it, asked for when it is first read: the others may have gone by then. When the
   * run is over while it is read for all, whoever was handed it reads on piece by piece: he counts what he reads.
   */
  const streamOf = (source: Source): ReadableStream<Uint8Array> => {
    let own: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let given = 0;
    source.outside += 1;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (own === undefined && isSole(source)) own = source.stream.getReader();
          if (own !== undefined) {
            const next = await own.read();
            return next.done ? controller.close() : controller.enqueue(next.value);
          }
          const { whole: reading, read, rest } = share(source);
          const whole = await reading;
          if (whole.kind === "bytes") {
            if (whole.bytes.length > 0) controller.enqueue(whole.bytes);
            return controller.close();
          }
          if (whole.kind !== "over") throw new EgressError(whole.kind === "failed" ? whole.failure : BROKEN);
          if (given === read.length) {
            const next = await rest.read();
            // What was asked for before came before.
            if (!next.done) read.push(next.value);
          }
          const piece = read[given];
          if (piece === undefined) return controller.close();
          given += 1;
          controller.enqueue(piece);
        },
        cancel: async () => {
          source.outside -= 1;
          if (own !== undefined) await own.cancel();
          else if (source.shared === undefined) leave(source);
          else if (over.signal.aborted && source.outside === 0) await source.shared.rest.cancel();
        },
      },
      { highWaterMark: 0 },
    );
  };

  return {
    hold: (stream) => add({ stream, readers: 1, outside: 0, shared: undefined }),
    clone: (id) => {
      const source = find(id);
      source.readers += 1;
      return add(source);
    },
    read: async (id, signal) => {
      const source = find(id);
      sources.delete(id);
      if (!isSole(source)) return readShared(source);
      const { whole, room } = await readAll(source.stream, signal);
      loan().capture(-room);
      return whole;
    },
    take: (id) => {
      const source = sources.get(id);
      sources.delete(id);
      return source === undefined || isSole(source) ? source?.stream : streamOf(source);
    },
    drop: (id) => {
      const source = sources.get(id);
      sources.delete(id);
      if (source !== undefined) leave(source);
    },
    end: () => {
      over.abort();
      for (const source of sources.values()) leave(source);
      sources.clear();
    },
  };
};
