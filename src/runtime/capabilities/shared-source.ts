import type { Whole } from "../egress/answer-body.ts";
import { BROKEN, EgressError } from "../egress/failure.ts";

/** What each of its readers gets; with more than one it is read once, and kept until the run is over. */
export interface Source {
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

export interface SharingDeps {
  /** Counts, and takes room, as it reads. */
  readonly readAll: (stream: ReadableStream<Uint8Array>, signal: AbortSignal) => Promise<Whole>;
  /** Aborts when the run is over. */
  readonly over: AbortSignal;
}

export interface Sharing {
  readonly read: (source: Source) => Promise<Whole>;
  /** For whoever it is handed over to. */
  readonly streamOf: (source: Source) => ReadableStream<Uint8Array>;
  readonly leave: (source: Source) => void;
}

export const newSource = (stream: ReadableStream<Uint8Array>): Source => ({
  stream,
  readers: 1,
  outside: 0,
  shared: undefined,
});

export const isSole = ({ readers, shared }: Source): boolean => readers === 1 && shared === undefined;

export const passWhole = (whole: Whole, controller: ReadableStreamDefaultController<Uint8Array>): void => {
  if (whole.kind !== "bytes") throw new EgressError(whole.kind === "failed" ? whole.failure : BROKEN);
  if (whole.bytes.length > 0) controller.enqueue(whole.bytes);
  controller.close();
};

/** How the readers of one body get all of it, of a run's. */
export const createSharing = ({ readAll, over }: SharingDeps): Sharing => {
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
      const whole = await readAll(copy, over);
      if (whole.kind === "given-up" && over.aborted && source.outside > 0) return { kind: "over" };
      if (whole.kind !== "bytes") void rest.cancel().catch(() => undefined);
      return whole;
    };
    source.shared = { whole: wholeOf(), read, rest };
    return source.shared;
  };

  const leave = (source: Source): void => {
    source.readers -= 1;
    if (source.readers === 0 && source.shared === undefined) {
      void source.stream.cancel().catch(() => undefined);
    }
  };

  return {
    leave,
    read: async (source) => {
      const whole = await share(source).whole;
      return whole.kind === "over" ? { kind: "given-up" } : whole;
    },
    /**
     * The stream itself for who is alone with it, asked for when it is first read: the others may have gone by then. When the
     * run is over while it is read for all, whoever was handed it reads on piece by piece: he counts what he reads.
     */
    streamOf: (source) => {
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
            if (whole.kind !== "over") return passWhole(whole, controller);
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
            else if (over.aborted && source.outside === 0) await source.shared.rest.cancel();
          },
        },
        { highWaterMark: 0 },
      );
    },
  };
};
