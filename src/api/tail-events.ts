import { LISTED_BODY_BYTES, shownExchange, type Tail, type TailNews } from "../journal/index.ts";
import { utf8 } from "../lib/bytes.ts";
import { jsonText } from "../lib/json-text.ts";

/** How long a browser waits before it comes again by itself. */
const RETRY_MS = 2_000;
/** A watcher that has not taken what it was sent for so long is cut off: what is sent waits in memory until then. */
const STALLED_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

const event = (name: string, id: string | undefined, data: unknown): string =>
  `event: ${name}\n${id === undefined ? "" : `id: ${id}\n`}data: ${jsonText(data)}\n\n`;

/** A comment, which people see and programs do not. */
const comment = (text: string): string => `: ${text}\n\n`;

const textOf = (news: Exclude<TailNews, { kind: "over" }>, now: number): string => {
  if (news.kind === "quiet") return event("ping", news.seen, { at: new Date(now).toISOString() });
  const gap = { detail: "The journal no longer has the exchange before these: there may be some missing." };
  const shown = news.items.map((exchange) =>
    event("exchange", exchange.id, shownExchange(exchange, LISTED_BODY_BYTES)),
  );
  return (news.gap ? event("gap", undefined, gap) : "") + shown.join("");
};

interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * A tail as Server-Sent Events. Nothing is fetched before the watcher has taken what was sent before, so that one that
 * reads slowly, or never, holds no more here than one batch; and the end of its key is looked for in its own time.
 */
export const eventStream = (tail: Tail, { now, sleep }: Clock): ReadableStream<Uint8Array> => {
  let sentAt: number | undefined;
  let isOver = false;

  const watch = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    while (!isOver) {
      await sleep(LOOK_EVERY_MS);
      if (isOver || sentAt === undefined) continue;
      const reason = now() > sentAt + STALLED_MS ? "The watcher does not read." : await tail.overdue();
      if (reason === undefined || isOver) continue;
      isOver = true;
      controller.error(new Error(reason));
    }
  };

  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(utf8(`retry: ${RETRY_MS}\n\n`));
      sentAt = now();
      watch(controller).catch((error: unknown) => {
        if (!isOver) controller.error(error);
        isOver = true;
      });
    },
    pull: async (controller) => {
      sentAt = undefined;
      const news = await tail.next();
      if (isOver) return;
      if (news.kind === "over") {
        isOver = true;
        controller.enqueue(utf8(comment(`closed: ${news.reason}`)));
        controller.close();
        return;
      }
      sentAt = now();
      controller.enqueue(utf8(textOf(news, now())));
    },
    cancel: () => {
      isOver = true;
    },
  });
};
