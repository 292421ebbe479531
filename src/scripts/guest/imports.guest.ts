import type { Program } from "acorn";
import type { ScriptRef } from "../compiled.ts";
import type { Fault } from "./fault.guest.ts";

const OUTSIDE = "Nothing but scripts/NAME can be imported";

/** `scripts/NAME` or `scripts/NAME@VERSION`. */
const SPECIFIER = /^scripts\/([a-z][a-z0-9-]{0,63})(?:@([1-9]\d{0,8}))?$/;

const readSpecifier = (text: unknown): ScriptRef | undefined => {
  const [, name, version] = (typeof text === "string" ? SPECIFIER.exec(text) : null) ?? [];
  return name === undefined ? undefined : { name, version: version === undefined ? null : Number(version) };
};

export interface ImportsRead {
  /** Each script with its version once, where it is first imported. */
  readonly imports: readonly (ScriptRef & { readonly at: number })[];
  /** Counts in `imports`, by what the source says. */
  readonly places: ReadonlyMap<unknown, number>;
  readonly faults: readonly Fault[];
}

/** Which scripts a module imports, or exports from. */
export const readImports = (program: Program): ImportsRead => {
  const imports: (ScriptRef & { readonly at: number })[] = [];
  const places = new Map<unknown, number>();
  const faults: Fault[] = [];
  for (const statement of program.body) {
    if (!("source" in statement) || !statement.source) continue;
    const { value } = statement.source;
    const script = readSpecifier(value);
    if (script === undefined) faults.push({ message: OUTSIDE, at: statement.start });
    else if (!places.has(value)) places.set(value, imports.push({ ...script, at: statement.start }) - 1);
  }
  return { imports, places, faults };
};
