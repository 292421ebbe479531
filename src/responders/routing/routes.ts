import type { Tier } from "../../accounts/index.ts";
import type { NoticeRule } from "../../notifications/index.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import type { ScriptForm } from "../../scripts/index.ts";
import type { GivenBody } from "../body.ts";
import type { Upstream } from "../proxy/upstream.ts";
import type { EgressGranted } from "../egress/granted.ts";
import type { RoutedSecrets } from "../grants/grant.ts";

/** What a responder answers without a script, and what a script's answer is laid over. */
export interface DefaultResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: GivenBody;
}

/** Small responses travel in the table; others are content of their own, by hash. */
export type RoutedResponse =
  | { readonly kind: "inline"; readonly response: DefaultResponse }
  | { readonly kind: "stored"; readonly hash: string };

export interface RoutedProgram {
  readonly hash: string;
  readonly form: ScriptForm;
}

/** What is kept of a responder's hits when nothing is said. */
export const DEFAULT_KEEP = 100;

/** A responder as a hit needs it. */
export interface RoutedResponder {
  readonly id: string;
  readonly name: string;
  readonly label: string | null;
  /** `["ANY"]`, or methods. */
  readonly methods: readonly string[];
  readonly path: string;
  readonly enabled: boolean;
  readonly response: RoutedResponse;
  /** Whether secrets are filled into the default response. */
  readonly interpolate: boolean;
  /** Where its hits are forwarded to; `null` is nowhere, also for a spy that always has an answer. */
  readonly upstream: Upstream | null;
  /** Which secrets its hits may use: ids, never a value. `null` is none. */
  readonly secrets: RoutedSecrets | null;
  /** The compiled program is content of its own, by hash; `null` without a script. */
  readonly program: RoutedProgram | null;
  /** Whether the script has state. */
  readonly kv: boolean;
  /** Where the requests of its script may go. */
  readonly egress: EgressGranted;
  /** How many exchanges its journal keeps, whatever the plan allows of it; 0 records nothing. */
  readonly keep: number;
  /** Of which hits somebody is to be told, and how often at most; whom, the definition says. */
  readonly notify: NoticeRule | null;
}

/** What a hit needs of an account. */
export interface RoutedAccount {
  readonly id: string;
  readonly handle: string;
  readonly tier: Tier;
  /** JSON, an operator's overrides: a tier's own figures come from the running version, not from KV. */
  readonly overrides: string;
  readonly suspended: boolean;
}

/** The source of an account's route table: the value of `routes:{handle}` in KV. */
export interface RouteTable {
  readonly version: 1;
  /** The account's `routesRevision`. First in the text, so that it is read without parsing the rest. */
  readonly revision: number;
  readonly account: RoutedAccount;
  readonly responders: readonly RoutedResponder[];
}
