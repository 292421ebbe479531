import { env } from "cloudflare:workers";
import { limitsOf, type Principal, type Scope, type TierLimits } from "../../src/accounts/index.ts";
import { createResponders, type Responders } from "../../src/responders/index.ts";
import {
  type CompiledUnit,
  createScripts,
  type Linked,
  type LinkInput,
  type ScriptFault,
  type Scripts,
  type ScriptUse,
} from "../../src/scripts/index.ts";
import { createDb, createKv } from "../../src/storage/index.ts";
import type { TestAccount } from "./account.ts";
import { targetTerms } from "./targets.ts";

/*
 * The library and the responders on real storage, with a compiler of the tests' own: each line `import NAME[@VERSION]` of
 * a source is an import, and a program's code says which versions it is made of.
 */
const NO_FACTS = { secrets: [], secretsOpen: false, comparesSecret: [], globals: [], uncalled: null };

const NO_SHAPE = {
  bindings: [],
  exports: [],
  stars: [],
  globals: [],
  inner: [],
  cuts: [],
  defaultExport: null,
  lines: 1,
};

const compileLines = (source: string): CompiledUnit => ({
  form: "module",
  handlerFaults: [],
  module: NO_SHAPE,
  code: source,
  map: null,
  facts: NO_FACTS,
  imports: [...source.matchAll(/^import ([a-z0-9-]+)(?:@(\d+))?$/gm)].map(([, name = "", version]) => ({
    name,
    version: version === undefined ? null : Number(version),
    line: 1,
    column: 1,
  })),
});

/** A source with a line `only NAME@VERSION` works with that version alone. */
const linkLines = async ({ main, load }: LinkInput): Promise<Linked> => {
  const uses = new Map<string, ScriptUse>();
  const faults: ScriptFault[] = [];
  const visit = async (unit: CompiledUnit, above: readonly string[], file?: string): Promise<void> => {
    for (const [place, { name, version }] of unit.imports.entries()) {
      const found = await load(name, version);
      const at = { line: place + 1, column: 1, ...(file === undefined ? {} : { file }) };
      if (found === undefined) {
        faults.push({ message: `There is no script ${name}.`, ...at });
      } else if (above.includes(name)) {
        faults.push({ message: `${name} imports itself.`, ...at });
      } else {
        const use = { scriptId: found.scriptId, name, wanted: version ?? 0, version: found.version };
        uses.set(`${use.scriptId}@${use.wanted}`, use);
        if (unit.code.includes("only ") && !unit.code.includes(`only ${name}@${found.version}`)) {
          faults.push({ message: `${name} is another.`, ...at });
        }
        await visit(found.unit, [...above, name], `scripts/${name}`);
      }
    }
  };
  const reference =
    "code" in main ? "" : `import ${main.name}${main.version === null ? "" : `@${main.version}`}`;
  await visit("code" in main ? main : compileLines(reference), []);
  if (faults.length > 0) return { kind: "refused", errors: faults };
  const code = [...uses.values()].map(({ name, version }) => `${name}@${version}`).join(" ");
  const program = { form: "module", handlers: ["default"], code, parts: [] } as const;
  return { kind: "linked", program, uses: [...uses.values()], facts: NO_FACTS };
};

export interface LibraryWorld {
  readonly principal: (scopes?: readonly Scope[]) => Principal;
  readonly scripts: Scripts;
  readonly responders: Responders;
  /** What comes between: done once, when the next program is linked, before the save that needs it is written. */
  readonly between: (work: () => Promise<unknown>) => void;
  /** The program that hits of a responder run now. */
  readonly programOf: (responderId: string) => Promise<string | undefined>;
}

/** Another isolate, for one account. */
export const createLibraryWorld = (
  { id, handle }: TestAccount,
  overrides: Partial<TierLimits> = {},
): LibraryWorld => {
  const db = createDb(env.DB);
  const kv = createKv(env.ROUTES, () => Promise.resolve());
  let next: (() => Promise<unknown>) | undefined;
  const saving = {
    compile: async ({ source }: { readonly source: string }) =>
      ({ kind: "compiled", unit: compileLines(source) }) as const,
    link: async (input: LinkInput) => {
      const linked = await linkLines(input);
      const work = next;
      next = undefined;
      await work?.();
      return linked;
    },
  };
  const responders = createResponders({
    ...saving,
    db,
    kv,
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    defer: () => undefined,
    execute: () => {
      throw new Error("not here");
    },
    urlOf: (_handle, _label, path) => `https://hook.test${path}`,
    unmatchedOf: (accountId) => env.UNMATCHED.get(env.UNMATCHED.idFromName(accountId)),
    stateOf: (responderId) => env.SCRIPT_STATE.get(env.SCRIPT_STATE.idFromName(responderId)),
    eraseJournal: () => Promise.resolve(),
    secretHeads: () => Promise.resolve([]),
    resolveSecrets: () => Promise.reject(new Error("not here")),
    touchSecrets: () => undefined,
    targetTerms,
    randomBytes: (count) => new Uint8Array(count),
    openOutlet: () => {
      throw new Error("not here");
    },
    refusalOf: () => undefined,
    fillPolicy: { allowsPlainHttp: () => false },
    reserve: () => ({ take: () => true, release: () => undefined }),
    warn: () => undefined,
  });
  const { followers } = responders;
  return {
    responders,
    scripts: createScripts({ ...saving, db, now: () => Date.now(), followers }),
    principal: (scopes = ["*"]) => ({
      account: {
        id,
        handle,
        name: "",
        tier: "ultimate",
        limits: limitsOf("ultimate", overrides),
        suspended: false,
        createdAt: 0,
      },
      keyId: "key_test",
      scopes,
    }),
    between: (work) => {
      next = work;
    },
    programOf: async (responderId) => {
      const row = await env.DB.prepare("select program, programHash from responders where id = ?")
        .bind(responderId)
        .first<{ program: string; programHash: string }>();
      if (row === null) return undefined;
      // What KV has for the hits is what the row says.
      if ((await kv.getCode(row.programHash)) !== row.program) throw new Error("KV has another program.");
      const { code }: { code: string } = JSON.parse(row.program);
      return code;
    },
  };
};
