import type { Principal } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import { invalid } from "../../lib/errors.ts";
import { grantedNames, routedSecrets } from "../grants/granted-names.ts";
import { contentHash } from "../routing/content.ts";
import { parsePattern } from "../routing/pattern.ts";
import type { RoutedResponder, RoutedResponse } from "../routing/routes.ts";
import { secretUseOf, writeSecretUse } from "../secret-uses/secret-use.ts";
import { type CompileDeps, compileScript, type Nameable } from "./compile-script.ts";
import { methodsOf, writeDefinition } from "./definition.ts";
import type { Definition } from "./definition.ts";
import type { ManageDeps } from "./deps.ts";
import type { Warning } from "./responder.ts";
import { routedUpstream } from "../proxy/routed-upstream.ts";
import { responseText } from "./response-text.ts";
import type { Save } from "./saves/store.ts";
import { definitionWarnings } from "./warnings.ts";

/** A default response up to this travels in the route table, so that ten thousand of them stay under KV's 25 MiB. */
const INLINE_UNITS = 1_024;
/** A D1 row ends at 2,000,000 bytes. */
export const ROW_BYTES = 1_900_000;

/** What a save writes, and the texts that hits load by hash. */
export interface Prepared {
  readonly save: Save;
  readonly content: Content;
  readonly warnings: readonly Warning[];
}

export interface Content {
  readonly code: { readonly hash: string; readonly text: string } | null;
  readonly response: { readonly hash: string; readonly text: string } | null;
}

/** Which save of which responder, by whom. */
export interface Occasion {
  readonly id: string;
  readonly revision: number;
  readonly createdAt: number;
  readonly now: number;
}

export const contentOf = async (
  id: string,
  text: string,
): Promise<{ readonly hash: string; readonly text: string }> => ({
  hash: await contentHash(id, text),
  text,
});

/** Compiles, and lays out every row of the save. */
export const prepare = async (
  deps: CompileDeps & Pick<ManageDeps, "refusalOf">,
  principal: Principal,
  definition: Definition,
  nameable: Nameable,
  occasion: Occasion,
): Promise<Prepared> => {
  const { id, revision, now } = occasion;
  const { linked, warnings } = await compileScript(deps, principal.account, definition, nameable);
  const code = linked === null ? null : await contentOf(id, JSON.stringify(linked.program));
  const { status, headers, body } = definition.response;
  const text = responseText(definition.response);
  const response = text.length <= INLINE_UNITS ? null : await contentOf(id, text);
  const routedResponse: RoutedResponse =
    response === null
      ? { kind: "inline", response: { status, headers, body } }
      : { kind: "stored", hash: response.hash };
  const routed: RoutedResponder = {
    id,
    name: definition.name,
    label: definition.label,
    methods: methodsOf(definition.method),
    path: definition.path,
    enabled: definition.enabled,
    response: routedResponse,
    program: code === null || linked === null ? null : { hash: code.hash, form: linked.program.form },
    interpolate: definition.response.interpolate,
    upstream: routedUpstream(definition),
    secrets: routedSecrets(definition.secrets),
    kv: definition.kv,
    egress: definition.egress,
    keep: definition.journal.keep,
    notify: noticeRuleOf(definition),
  };
  const row = {
    id,
    accountId: principal.account.id,
    name: definition.name,
    definition: writeDefinition(definition),
    routed: JSON.stringify(routed),
    program: code?.text ?? null,
    programHash: code?.hash ?? null,
    secretUse: writeSecretUse(secretUseOf(definition, linked?.facts ?? null)),
    revision,
    createdAt: occasion.createdAt,
    updatedAt: now,
  };
  if (utf8(row.definition).length + utf8(row.program ?? "").length > ROW_BYTES) {
    throw invalid(
      "",
      "Script and default body together are too large to be stored. Make one of them smaller.",
    );
  }
  const names = grantedNames(definition.secrets, nameable.secrets);
  return {
    save: { row, claim: claimOf(definition), uses: linked?.uses ?? [], createdBy: principal.keyId },
    content: { code, response },
    warnings: [...definitionWarnings(definition, names, deps.refusalOf), ...warnings],
  };
};

const noticeRuleOf = ({ notifications }: Definition): RoutedResponder["notify"] =>
  notifications && { on: notifications.on, every: notifications.every };

const claimOf = (definition: Definition): Save["claim"] => {
  const parsed = parsePattern(definition.path);
  if (parsed.kind === "fault") throw invalid("path", parsed.message);
  return {
    label: definition.label ?? "",
    shape: parsed.pattern.shape,
    methods: methodsOf(definition.method),
  };
};
