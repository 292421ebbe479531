import { type HostPattern, parseHostPattern, type Reach } from "../../runtime/index.ts";
import { isRecord, isTexts } from "../read.ts";

/** Where the requests of a responder's script may go. */
export interface EgressGranted {
  readonly mode: "none" | "hosts" | "public";
  /** With `hosts`: as they were given. */
  readonly hosts: readonly string[];
}

/** As it was stored; `undefined` for what another version wrote otherwise. */
export const readEgress = (value: unknown): EgressGranted | undefined => {
  // Absent in what was stored before there were requests.
  if (value === undefined || value === null) return { mode: "none", hosts: [] };
  if (!isRecord(value)) return undefined;
  const { mode, hosts = [] } = value;
  if (mode !== "none" && mode !== "hosts" && mode !== "public") return undefined;
  return isTexts(hosts) ? { mode, hosts } : undefined;
};

const patternsOf = (hosts: readonly string[]): readonly HostPattern[] =>
  hosts.map(parseHostPattern).filter((pattern) => pattern !== undefined);

/** The same for the door out. */
export const reachOf = ({ mode, hosts }: EgressGranted): Reach =>
  mode === "hosts" ? { kind: mode, patterns: patternsOf(hosts) } : { kind: mode };
