import type { HeaderPairs } from "../../lib/headers.ts";
import type { Notifications } from "../../notifications/index.ts";
import type { ScriptLanguage } from "../../scripts/index.ts";
import type { GivenBody } from "../body.ts";
import { readUpstream, type Upstream } from "../proxy/upstream.ts";
import { type EgressGranted, readEgress } from "../egress/granted.ts";
import { isRecord, isTexts, isWhole, parseJson } from "../read.ts";
import { readDefaultResponse } from "../routing/read-routes.ts";
import { readNotifications } from "./read-notifications.ts";
import { DEFAULT_KEEP } from "../routing/routes.ts";

/** The user's own source, as saved. */
export interface Script {
  readonly source: string;
  readonly language: ScriptLanguage;
}

/** A script of the library, by its id: a rename does not change what it is. */
export interface LibraryScript {
  readonly scriptId: string;
  /** 0 follows the latest version. */
  readonly wanted: number;
}

/** What is kept of its hits. */
export interface Journaling {
  /** How many exchanges, at most; 0 records nothing. */
  readonly keep: number;
}

/** Which secrets its script has, and may fill its default response. */
export interface SecretsGranted {
  readonly mode: "none" | "all" | "selected";
  /** With `selected`: ids, so that a rename keeps the grant. */
  readonly ids: readonly string[];
  /** The script gets the texts themselves: what handles are there to prevent. */
  readonly reveal: boolean;
}

/** A responder as its owner defines it: everything that a save may change. */
export interface Definition {
  readonly name: string;
  readonly enabled: boolean;
  readonly label: string | null;
  /** `ANY`, one method, or several: shown as it was given. */
  readonly method: string | readonly string[];
  readonly path: string;
  readonly response: {
    readonly status: number;
    readonly headers: HeaderPairs;
    readonly body: GivenBody;
    /** `${secrets.NAME}` in its text and header values is filled in. */
    readonly interpolate: boolean;
  };
  readonly script: Script | LibraryScript | null;
  readonly upstream: Upstream | null;
  readonly secrets: SecretsGranted;
  readonly egress: EgressGranted;
  /** Whether the script has state: `ctx.kv`, `secutils.kv`. */
  readonly kv: boolean;
  readonly journal: Journaling;
  readonly notifications: Notifications | null;
}

export const DEFAULTS = {
  enabled: true,
  label: null,
  method: "ANY",
  response: { status: 200, headers: [], body: "", interpolate: false },
  script: null,
  upstream: null,
  secrets: { mode: "none", ids: [], reveal: false },
  egress: { mode: "none", hosts: [] },
  kv: true,
  journal: { keep: DEFAULT_KEEP },
  notifications: null,
} as const satisfies Omit<Definition, "name" | "path">;

/** The methods of a definition: `["ANY"]`, or the named ones. */
export const methodsOf = (method: Definition["method"]): readonly string[] =>
  typeof method === "string" ? [method] : method;

/** What the `definition` column holds: all but the name, which has a column of its own. */
export const writeDefinition = (definition: Definition): string => {
  const { name: _, ...rest } = definition;
  return JSON.stringify(rest);
};

const readScript = (value: unknown): Definition["script"] | undefined => {
  if (value === null) return null;
  if (!isRecord(value)) return undefined;
  const { source, language, scriptId, wanted } = value;
  if (typeof scriptId === "string" && isWhole(wanted)) return { scriptId, wanted };
  if (typeof source !== "string") return undefined;
  return language === "js" || language === "ts" ? { source, language } : undefined;
};

const readJournaling = (value: unknown): Journaling => {
  const keep = isRecord(value) ? value["keep"] : undefined;
  return isWhole(keep) ? { keep } : DEFAULTS.journal;
};

const readSecrets = (value: unknown): SecretsGranted | undefined => {
  if (!isRecord(value)) return undefined;
  const { mode, ids = [], reveal = false } = value;
  if (mode !== "none" && mode !== "all" && mode !== "selected") return undefined;
  return isTexts(ids) && typeof reveal === "boolean" ? { mode, ids, reveal } : undefined;
};

/** `undefined` when the column is not one that this version wrote. */
export const readDefinition = (name: string, text: string): Definition | undefined => {
  const value = parseJson(text);
  if (!isRecord(value)) return undefined;
  const { enabled, label, method, path } = value;
  const response = readDefaultResponse(value["response"]);
  const script = readScript(value["script"]);
  const secrets = readSecrets(value["secrets"]);
  const notifications = readNotifications(value["notifications"]);
  const upstream = readUpstream(value["upstream"]);
  const egress = readEgress(value["egress"]);
  if (typeof enabled !== "boolean" || typeof path !== "string") return undefined;
  if (label !== null && typeof label !== "string") return undefined;
  if (typeof method !== "string" && !isTexts(method)) return undefined;
  if (response === undefined || script === undefined || secrets === undefined) return undefined;
  if (upstream === undefined || egress === undefined || notifications === undefined) return undefined;
  return {
    ...DEFAULTS,
    name,
    enabled,
    label,
    method,
    path,
    script,
    upstream,
    secrets,
    egress,
    kv: value["kv"] !== false,
    journal: readJournaling(value["journal"]),
    notifications,
    response: {
      ...response,
      interpolate: isRecord(value["response"]) && value["response"]["interpolate"] === true,
    },
  };
};
