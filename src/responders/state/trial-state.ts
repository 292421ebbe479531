import type { TierLimits } from "../../accounts/index.ts";
import { PAGE_VALUE_BYTES } from "../../runtime/index.ts";
import type { KvEntry, KvHead, KvPage, KvQuery, KvRefusal, KvStore, KvWrite } from "../../runtime/index.ts";
import { isLive, meets, numberValue, pageOf, roomFault, sumOf, weight } from "./decide.ts";
import { compareKeys } from "./key-order.ts";
import { stateRules } from "./run-state.ts";
import type { StateUsage } from "./state-store.ts";
import type { TrialBase } from "./trial-base.ts";
import { createWatchers, takesKey } from "./watchers.ts";

/** What a trial may keep in memory of its writes: nobody counts it among what an isolate holds. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
/** How often a trial looks again while it hides from itself all that the real store would wake it for. */
const LOOK_AGAIN_MS = 1_000;

interface TrialStateDeps {
  readonly base: TrialBase;
  readonly limits: TierLimits;
  readonly now: () => number;
}

/**
 * Reads are real, and writes are kept here, seen by the trial alone, and gone with it. One call after the other: between
 * what a write reads and what it writes there is a call of the real store.
 */
export const stateOfTrial = ({ base, limits, now }: TrialStateDeps): KvStore => {
  const rules = stateRules(limits);
  /** By key; `null` where the trial deleted it. */
  const changes = new Map<string, KvEntry | null>();
  const watchers = createWatchers();
  let used: StateUsage | undefined;
  let kept = 0;
  let lastVersion = 0;
  let watches = 0;
  let last: Promise<unknown> = Promise.resolve();

  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  const read = async (key: string): Promise<KvEntry | null> => {
    const changed = changes.get(key);
    if (changed === undefined) return base.reads.get(key);
    return isLive(changed, now()) ? changed : null;
  };

  const bytesOf = (key: string): number => changes.get(key)?.bytes?.length ?? 0;

  const change = (key: string, entry: KvEntry | null, current: KvEntry | null, usage: StateUsage): void => {
    kept += (entry?.size ?? 0) - bytesOf(key);
    lastVersion = Math.max(lastVersion, entry?.version ?? 0, current?.version ?? 0);
    used = {
      entries: usage.entries + (entry === null ? 0 : 1) - (current === null ? 0 : 1),
      bytes: usage.bytes + (entry === null ? 0 : weight(entry)) - (current === null ? 0 : weight(current)),
    };
    changes.set(key, entry);
  };

  const put = async (
    { key, value }: Pick<KvWrite, "key" | "value">,
    expiresAt: number | null,
    current: KvEntry | null,
  ): Promise<KvHead | KvRefusal> => {
    const usage = (used ??= await base.usage());
    const fault = roomFault({ key, value }, current, usage, rules);
    if (fault !== undefined) return fault;
    if (kept + value.bytes.length - bytesOf(key) > MAX_KEPT_BYTES) {
      return { kind: "trial-full", most: MAX_KEPT_BYTES };
    }
    const at = now();
    const head: KvHead = {
      key,
      type: value.type,
      size: value.bytes.length,
      version: Math.max(lastVersion, current?.version ?? 0) + 1,
      createdAt: current?.createdAt ?? at,
      updatedAt: at,
      expiresAt,
    };
    change(key, { ...head, bytes: value.bytes }, current, usage);
    watchers.written(key);
    return head;
  };

  const list = async (query: KvQuery): Promise<KvPage> => {
    const own = [...changes.values()].flatMap((entry) =>
      isLive(entry, now()) && takesKey(query, entry.key)
        ? [query.values ? entry : { ...entry, bytes: null }]
        : [],
    );
    const found: KvEntry[] = [];
    let after = query.after;
    let bytes = 0;
    // To more than a page holds, so that no entry of the trial's is shown before one that was not looked at.
    for (let more = true; more && found.length <= query.limit && bytes <= PAGE_VALUE_BYTES;) {
      const page = await base.reads.list({ ...query, after });
      for (const entry of page.entries) {
        if (changes.has(entry.key)) continue;
        found.push(entry);
        bytes += entry.bytes?.length ?? 0;
      }
      after = page.entries.at(-1)?.key ?? after;
      more = page.more;
    }
    const merged = [...found, ...own].toSorted((left, right) => compareKeys(left.key, right.key));
    return pageOf(merged, query.limit);
  };

  /** Until the trial or somebody else may have written what is watched. */
  const wait = async (query: KvQuery, ms: number, signal: AbortSignal): Promise<KvRefusal | undefined> => {
    watches += 1;
    const id = String(watches);
    const over = new AbortController();
    const stop = (): void => over.abort();
    signal.addEventListener("abort", stop, { once: true });
    const woken = watchers.wait(id, query, ms).then(() => undefined);
    const found = base.reads.watch(query, ms, over.signal).then(async (page) => {
      if (page.kind !== "page") return page;
      const hidden = page.entries.length > 0 && page.entries.every(({ key }) => changes.has(key));
      if (hidden) await watchers.wait(`${id}.`, query, Math.min(ms, LOOK_AGAIN_MS));
      return undefined;
    });
    try {
      return await Promise.race([woken, found]);
    } finally {
      stop();
      watchers.callOff(id);
      watchers.callOff(`${id}.`);
      signal.removeEventListener("abort", stop);
    }
  };

  return {
    get: (key) => inOrder(() => read(key)),
    list: (query) => inOrder(() => list(query)),
    set: (write) =>
      inOrder(async () => {
        const current = await read(write.key);
        if (!meets(write.condition, current)) return { kind: "unmet", version: current?.version ?? null };
        const written = await put(write, write.ttlMs === null ? null : now() + write.ttlMs, current);
        return "version" in written ? { kind: "written", head: written } : written;
      }),
    increment: ({ key, by, ttlMs }) =>
      inOrder(async () => {
        const current = await read(key);
        const sum = sumOf(current, by);
        if (sum.kind !== "counted") return sum;
        const expiresAt = current === null ? (ttlMs === null ? null : now() + ttlMs) : current.expiresAt;
        const written = await put({ key, value: numberValue(sum.value) }, expiresAt, current);
        return "version" in written ? sum : written;
      }),
    delete: (key, condition) =>
      inOrder(async () => {
        const current = await read(key);
        if (current === null || !meets(condition, current)) return false;
        change(key, null, current, (used ??= await base.usage()));
        return true;
      }),
    watch: async (query, timeoutMs, signal) => {
      const endsAt = now() + timeoutMs;
      for (;;) {
        const page = await inOrder(() => list(query));
        const left = endsAt - now();
        if (page.entries.length > 0 || left <= 0 || signal.aborted) return page;
        const refused = await wait(query, left, signal);
        if (refused !== undefined) return refused;
      }
    },
  };
};
