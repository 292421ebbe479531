import { parsePort } from "./hosts.ts";

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** `443` or `1024-65535`; `undefined` for anything else. */
export const parsePortRange = (text: string): PortRange | undefined => {
  const [first = "", last = first, ...rest] = text.split("-");
  const from = parsePort(first);
  const to = parsePort(last);
  if (from === undefined || to === undefined || from > to || rest.length > 0) return undefined;
  return { from, to };
};

export const includesPort = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to);
