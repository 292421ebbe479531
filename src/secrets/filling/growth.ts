import { utf8 } from "../../lib/bytes.ts";
import type { Placeholder } from "../placeholders.ts";
import type { Spot } from "./spot.ts";

/** A part of a request, before it is filled in. */
export interface Part {
  /** As it is named to people. */
  readonly name: "the URL" | "the headers" | "the body";
  readonly bytes: number;
  readonly spots: readonly Spot[];
  readonly write: (placeholder: Placeholder) => string;
}

/** In bytes: more than any server takes of a head, and what a script may send of a body. */
const MOST = { "the URL": 64 * 1024, "the headers": 64 * 1024, "the body": 10 * 1024 * 1024 } as const;

/** How long it would be. What stands for a secret is written once for each of them, however often it stands there. */
const filledBytes = ({ bytes, spots, write }: Part): number => {
  const lengths = new Map<Placeholder["text"], number>();
  let sum = bytes;
  for (const { placeholder } of spots) {
    const length = lengths.get(placeholder.text) ?? utf8(write(placeholder)).length;
    lengths.set(placeholder.text, length);
    sum += length;
  }
  return sum;
};

/**
 * Stops a text of nothing but placeholders, of 46 characters each, from becoming gigabytes of secrets outside of every
 * limit. What is too long, as the end of a sentence; `null` when nothing is.
 */
export const growthFault = (
  parts: readonly Part[],
): { readonly spot: Spot; readonly fault: string } | null => {
  for (const part of parts) {
    const [spot] = part.spots;
    const most = MOST[part.name];
    if (spot === undefined || filledBytes(part) <= most) continue;
    return { spot, fault: `${part.name} would have more than ${most} bytes` };
  }
  return null;
};
