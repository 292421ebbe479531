import { escapeHtml } from "./escape.ts";
import { showFigure, type Unit } from "./figure.ts";

export interface Point {
  /** Its place on the time line: the number of its line in the history. */
  readonly at: number;
  readonly value: number;
  /** What is told of it when it is pointed at. */
  readonly label: string;
}

export interface Series {
  readonly name: string;
  readonly kind: "node" | "workerd";
  readonly points: readonly Point[];
}

const WIDTH = 300;
const HEIGHT = 110;
const EDGE = 8;
/** Room above the highest point. */
const HEADROOM = 1.15;

const polyline = (
  { kind, points }: Series,
  x: (at: number) => number,
  y: (value: number) => number,
): string => {
  const places = points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const dots = points.map(
    ({ at, value, label }) =>
      `<circle cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"><title>${escapeHtml(label)}</title></circle>`,
  );
  return `<g class="${kind}"><polyline points="${places}"/>${dots.join("")}</g>`;
};

/** One metric over time, from zero up. Nothing when there is no point. */
export const lineChart = (title: string, unit: Unit, lines: number, series: readonly Series[]): string => {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return "";
  const top = Math.max(...values) * HEADROOM || 1;
  const x = (at: number): number => (lines < 2 ? WIDTH / 2 : EDGE + (at / (lines - 1)) * (WIDTH - 2 * EDGE));
  const y = (value: number): number => HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE);
  const latest = series.flatMap(({ name, kind, points }) => {
    const last = points.at(-1);
    return last === undefined
      ? []
      : [`<span class="${kind}">${escapeHtml(name)} <b>${showFigure(last.value, unit)}</b></span>`];
  });
  return `<figure><figcaption>${escapeHtml(title)} ${latest.join(" ")}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)} over time">
<line class="axis" x1="${EDGE}" x2="${WIDTH - EDGE}" y1="${HEIGHT - EDGE}" y2="${HEIGHT - EDGE}"/>
<text x="${EDGE}" y="${EDGE + 4}">${showFigure(top, unit)}</text>
${series.map((each) => polyline(each, x, y)).join("\n")}
</svg></figure>`;
};
