import { escapeHtml } from "./escape.ts";
import { showFigure } from "./figure.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly own: boolean;
}

const WIDTH = 620;
const ROW = 24;
const NAMES = 200;
const FIGURES = 130;

/** The product and its peers beside each other, in microseconds; the ratio stands behind each peer. */
export const barChart = (title: string, bars: readonly Bar[]): string => {
  const own = bars.find((bar) => bar.own)?.value;
  if (own === undefined || own === 0 || bars.length < 2) return "";
  const most = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ name, value, own: isOwn }, index) => {
    const y = index * ROW;
    const width = Math.max(1, (value / most) * (WIDTH - NAMES - FIGURES));
    const ratio = isOwn ? "" : ` (${(value / own).toFixed(1)} ×)`;
    return `<text x="${NAMES - 8}" y="${y + 16}" text-anchor="end">${escapeHtml(name)}</text>
<rect class="${isOwn ? "own" : "peer"}" x="${NAMES}" y="${y + 4}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="2"/>
<text x="${(NAMES + width + 6).toFixed(1)}" y="${y + 16}">${showFigure(value, "µs")}${ratio}</text>`;
  });
  return `<figure class="wide"><figcaption>${escapeHtml(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${bars.length * ROW}" role="img" aria-label="${escapeHtml(title)}">
${rows.join("\n")}
</svg></figure>`;
};
