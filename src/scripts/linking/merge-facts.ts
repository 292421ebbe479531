import type { NamedPlace, ScriptFacts } from "../compiled.ts";
import { OWN_FILE } from "../positions.ts";
import type { Graph } from "./graph.ts";

/** What all sources of a program use: each name once, the main script's place before others'. */
export const mergeFacts = ({ main, modules }: Graph): ScriptFacts => {
  const sources = [main, ...modules.filter((module) => module !== main)];
  const merge = (pick: (facts: ScriptFacts) => readonly NamedPlace[]): readonly NamedPlace[] => {
    const merged = new Map<string, NamedPlace>();
    for (const { file, unit } of sources) {
      for (const place of pick(unit.facts)) {
        const placed = file === OWN_FILE ? place : { ...place, file };
        if (!merged.has(place.name)) merged.set(place.name, placed);
      }
    }
    return [...merged.values()];
  };
  return {
    secrets: merge(({ secrets }) => secrets),
    secretsOpen: sources.some(({ unit }) => unit.facts.secretsOpen),
    comparesSecret: merge(({ comparesSecret }) => comparesSecret),
    globals: merge(({ globals }) => globals),
    uncalled: main.unit.facts.uncalled,
  };
};
