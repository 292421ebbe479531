import {
  type ByScenario,
  type Exact,
  PEERS,
  type PeerTiming,
  type PeerTimings,
  type Timing,
} from "./figures.ts";

/** A scenario as the history has it: fuel always, times only of whole runs. */
export interface Recorded extends Exact, Partial<Timing> {
  readonly peers: PeerTimings;
  readonly completed?: number;
  readonly keptBytes?: number;
  readonly residentBytes?: number;
}

/** One line of `.perf/history.jsonl`. */
export interface HistoryLine {
  readonly commit: string;
  /** RFC 3339. */
  readonly date: string;
  /** The model of the machine's CPU: times of others are not comparable. */
  readonly cpu: string;
  readonly scenarios: ByScenario<Recorded>;
  readonly workerd: ByScenario<Recorded>;
}

const OPTIONAL = [
  "p50Us",
  "p90Us",
  "p99Us",
  "maxUs",
  "perSecond",
  "samples",
  "completed",
  "keptBytes",
  "residentBytes",
] as const;
const NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** Longer texts are no commit, date or CPU. */
const MAX_TEXT = 200;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFigure = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
const isText = (value: unknown): value is string => typeof value === "string" && value.length <= MAX_TEXT;
const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

const readPeer = (value: unknown): PeerTiming | undefined => {
  if (!isFields(value)) return undefined;
  const [p50Us, p99Us, perSecond] = [own(value, "p50Us"), own(value, "p99Us"), own(value, "perSecond")];
  return isFigure(p50Us) && isFigure(p99Us) && isFigure(perSecond) ? { p50Us, p99Us, perSecond } : undefined;
};

const readPeers = (value: unknown): PeerTimings => {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    PEERS.flatMap((name) => {
      const peer = readPeer(own(value, name));
      return peer === undefined ? [] : [[name, peer]];
    }),
  );
};

const readScenario = (value: unknown): Recorded | undefined => {
  if (!isFields(value)) return undefined;
  const [fuel, peakMemoryBytes] = [own(value, "fuel"), own(value, "peakMemoryBytes")];
  if (!isFigure(fuel) || !isFigure(peakMemoryBytes)) return undefined;
  const others = OPTIONAL.flatMap((name) => {
    const figure = own(value, name);
    return isFigure(figure) ? [[name, figure] as const] : [];
  });
  return { fuel, peakMemoryBytes, ...Object.fromEntries(others), peers: readPeers(own(value, "peers")) };
};

const readScenarios = (value: unknown): ByScenario<Recorded> => {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const recorded = NAME.test(name) ? readScenario(each) : undefined;
      return recorded === undefined ? [] : [[name, recorded]];
    }),
  );
};

/** A line, or the file of `--json`, which has all of a line; `undefined` of anything else. */
export const readLine = (value: unknown): HistoryLine | undefined => {
  if (!isFields(value)) return undefined;
  const [commit, date, cpu] = [own(value, "commit"), own(value, "date"), own(value, "cpu")];
  if (!isText(commit) || !isText(date) || !isText(cpu)) return undefined;
  const scenarios = readScenarios(own(value, "scenarios"));
  if (Object.keys(scenarios).length === 0) return undefined;
  return { commit, date, cpu, scenarios, workerd: readScenarios(own(value, "workerd")) };
};

/** JSON that may be torn: `undefined` when it does not parse. */
export const parseLine = (text: string): HistoryLine | undefined => {
  try {
    return readLine(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/** Every line that can be read; a torn one, as an interrupted write or a bad merge leaves it, costs only itself. */
export const parseHistory = (text: string): readonly HistoryLine[] =>
  text.split("\n").flatMap((line) => parseLine(line) ?? []);
