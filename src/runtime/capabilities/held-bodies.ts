import { OpError, type RunLoan } from "../capability.ts";
import { readWithin, type Whole } from "../egress/answer-body.ts";
import type { KeptBody } from "./kept-body.ts";
import { createSharing, isSole, newSource, passWhole, type Source } from "./shared-source.ts";

/** Bodies that stay on the host until the guest asks for them, each by an id that is good for one reader. */
export interface HeldBodies {
  readonly hold: (stream: ReadableStream<Uint8Array>) => number;
  readonly keep: (body: KeptBody) => number;
  /** The id of another reader of the same. */
  readonly clone: (id: number) => number;
  /** All of it. `signal` aborts when this reader has lost interest. */
  readonly read: (id: number, signal: AbortSignal) => Promise<Whole>;
  /** Handed over; `undefined` when there is no such body, or it was read. */
  readonly take: (id: number) => ReadableStream<Uint8Array> | undefined;
  /** The same, of a kept one with its coding. */
  readonly takeAsItCame: (id: number) => ReadableStream<Uint8Array> | undefined;
  readonly drop: (id: number) => void;
  /** The run is over: only what was handed over is still of use. */
  readonly end: () => void;
}

export interface HeldBodiesDeps {
  /** In bytes. */
  readonly most: number;
  readonly unitsPerByte: number;
  readonly loan: () => Pick<RunLoan, "capture" | "owe">;
}

type Held = Source | KeptBody;
const isKept = (held: Held): held is KeptBody => "whole" in held;

/** Each wakes the host, however small it is. */
const UNITS_PER_CHUNK = 15_000;
const noBody = (): OpError => new OpError("TypeError", "There is no such body, or it has been read.");

export const createHeldBodies = ({ most, unitsPerByte, loan }: HeldBodiesDeps): HeldBodies => {
  const bodies = new Map<number, Held>();
  const over = new AbortController();
  let ids = 0;

  const add = (body: Held): number => {
    ids += 1;
    bodies.set(ids, body);
    return ids;
  };
  const find = (id: number): Held => {
    const body = bodies.get(id);
    if (body === undefined) throw noBody();
    return body;
  };
  /** Its room in the isolate is counted until the run is over, or its reader gives it back. */
  const readAll = async (
    body: ReadableStream<Uint8Array> | KeptBody,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly whole: Whole; readonly room: number }> => {
    const { capture, owe } = loan();
    let room = 0;
    const take = (bytes: number): boolean => {
      const isPayable = owe(UNITS_PER_CHUNK + bytes * unitsPerByte);
      // Of a run that is over, whoever was handed a kept body counts it.
      if ("whole" in body && over.signal.aborted) return true;
      if (!isPayable || !capture(bytes)) return false;
      room += bytes;
      return true;
    };
    const bounds = { most, take, ...(signal === undefined ? {} : { signal }) };
    const whole = await ("whole" in body ? body.read(bounds) : readWithin(body, bounds));
    return { whole, room };
  };
  const sharing = createSharing({
    readAll: async (stream, signal) => (await readAll(stream, signal)).whole,
    over: over.signal,
  });

  const leave = (body: Held): void => {
    // Whoever has lent a kept one sees to it.
    if (!isKept(body)) sharing.leave(body);
  };
  const decodedOf = (body: KeptBody): ReadableStream<Uint8Array> =>
    new ReadableStream<Uint8Array>(
      { pull: async (controller) => passWhole((await readAll(body, undefined)).whole, controller) },
      { highWaterMark: 0 },
    );
  const handOver = (id: number): Held | undefined => {
    const body = bodies.get(id);
    bodies.delete(id);
    return body;
  };
  const taken = (source: Source): ReadableStream<Uint8Array> =>
    isSole(source) ? source.stream : sharing.streamOf(source);

  return {
    hold: (stream) => add(newSource(stream)),
    keep: add,
    clone: (id) => {
      const body = find(id);
      if (!isKept(body)) body.readers += 1;
      return add(body);
    },
    read: async (id, signal) => {
      const body = find(id);
      bodies.delete(id);
      if (!isKept(body) && !isSole(body)) return sharing.read(body);
      const { whole, room } = await readAll(isKept(body) ? body : body.stream, signal);
      loan().capture(-room);
      return whole;
    },
    take: (id) => {
      const body = handOver(id);
      return body && (isKept(body) ? decodedOf(body) : taken(body));
    },
    takeAsItCame: (id) => {
      const body = handOver(id);
      return body && (isKept(body) ? body.whole() : taken(body));
    },
    drop: (id) => {
      const body = handOver(id);
      if (body !== undefined) leave(body);
    },
    end: () => {
      over.abort();
      for (const body of bodies.values()) leave(body);
      bodies.clear();
    },
  };
};
