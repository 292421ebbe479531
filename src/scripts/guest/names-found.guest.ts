import type { Identifier } from "acorn";

/** What one function, block or class declares. */
export interface Scope {
  readonly parent: Scope | undefined;
  /** Where a `var` in it belongs, if not here. */
  readonly variables: Scope | undefined;
  readonly names: Set<string>;
}

/** In which way an identifier stands for a name. */
export interface How {
  /** `{ name }`, which another name makes `{ name: other }`. */
  readonly shorthand: boolean;
  /** Something is assigned to it. */
  readonly target: boolean;
}

export const READ: How = { shorthand: false, target: false };
export const TARGET: How = { shorthand: false, target: true };
export const SHORTHAND: How = { shorthand: true, target: false };
export const SHORTHAND_TARGET: How = { shorthand: true, target: true };

/** Where a name of the module's own scope stands, in the order of the text. */
export interface NameUses {
  readonly plain: readonly number[];
  readonly shorthands: readonly number[];
  /** Where something is assigned to it, if anything is. */
  readonly assigned: number | undefined;
}

export interface ModuleScope {
  /** Of each name that the module declares or imports, declarations included. */
  readonly uses: ReadonlyMap<string, NameUses>;
  /** Names that are declared nowhere in it. */
  readonly globals: ReadonlySet<string>;
  /** Names that something inside of it declares. */
  readonly inner: ReadonlySet<string>;
}

export interface NamesFound {
  readonly add: (node: Identifier, scope: Scope, how: How) => void;
  /** When all that is declared is known. */
  readonly resolve: (module: Scope) => Omit<ModuleScope, "inner">;
}

const ownerOf = (name: string, from: Scope): Scope | undefined => {
  let scope: Scope | undefined = from;
  while (scope !== undefined && !scope.names.has(name)) scope = scope.parent;
  return scope;
};

const ascending = (a: number, b: number): number => a - b;

/** Kept side by side and not in objects: a script may be little else than names, and the heap holds its tree already. */
export const createNamesFound = (): NamesFound => {
  const nodes: Identifier[] = [];
  const scopes: Scope[] = [];
  const hows: How[] = [];
  return {
    add: (node, scope, how) => {
      nodes.push(node);
      scopes.push(scope);
      hows.push(how);
    },
    resolve: (module) => {
      const plain = new Map<string, number[]>([...module.names].map((name) => [name, []]));
      const shorthands = new Map<string, number[]>();
      const assigned = new Map<string, number>();
      const globals = new Set<string>();
      for (const [index, { name, start }] of nodes.entries()) {
        const how = hows[index] ?? READ;
        const owner = ownerOf(name, scopes[index] ?? module);
        if (owner === undefined) globals.add(name);
        if (owner !== module) continue;
        const uses = how.shorthand ? shorthands : plain;
        const list = uses.get(name) ?? [];
        list.push(start);
        uses.set(name, list);
        if (how.target) assigned.set(name, Math.min(start, assigned.get(name) ?? start));
      }
      const uses = [...plain].map(([name, list]): [string, NameUses] => [
        name,
        {
          plain: list.toSorted(ascending),
          shorthands: (shorthands.get(name) ?? []).toSorted(ascending),
          assigned: assigned.get(name),
        },
      ]);
      return { uses: new Map(uses), globals };
    },
  };
};
