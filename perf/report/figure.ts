/** A figure in as few signs as tell it. */
const short = (value: number): string =>
  value >= 1_000
    ? Math.round(value).toLocaleString("en")
    : Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 2 });

const MB = 1_000_000;

export type Unit = "µs" | "a second" | "fuel" | "bytes" | "runs";

export const showFigure = (value: number, unit: Unit): string => {
  switch (unit) {
    case "µs":
      return value >= 10_000 ? `${short(value / 1_000)} ms` : `${short(value)} µs`;
    case "bytes":
      return `${short(value / MB)} MB`;
    case "a second":
      return `${short(value)}/s`;
    case "fuel":
    case "runs":
      return short(value);
    default:
      return unit satisfies never;
  }
};
