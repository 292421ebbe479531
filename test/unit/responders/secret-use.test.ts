import { describe, expect, it } from "vitest";
import { limitsOf, type Principal, type Scope } from "../../../src/accounts/index.ts";
import { DEFAULTS } from "../../../src/responders/index.ts";
import { requireFollowerScopes } from "../../../src/responders/manage/secret-scopes.ts";
import {
  readSecretUse,
  type SecretUse,
  secretUseOf,
  writeSecretUse,
} from "../../../src/responders/secret-uses/secret-use.ts";

const NONE: SecretUse = { mode: "none", ids: [], used: [], open: false, reveal: false, interpolate: false };
const holder = (scopes: readonly Scope[]): Principal => ({
  account: {
    id: "acc",
    handle: "h",
    name: "",
    tier: "basic",
    limits: limitsOf("basic", {}),
    suspended: false,
    createdAt: 0,
  },
  keyId: "key",
  scopes,
});

describe("the secrets of a responder", () => {
  it("are nothing in the column when there are none", () => {
    expect(writeSecretUse(NONE)).toBeNull();
    expect(readSecretUse(null)).toEqual(NONE);
    const use: SecretUse = { ...NONE, mode: "selected", ids: ["sec_1"], used: ["A"], reveal: true };
    expect(readSecretUse(writeSecretUse(use))).toEqual(use);
  });

  it("are never taken for none when the column cannot be read", () => {
    const most = { ...NONE, mode: "all", open: true, reveal: true, interpolate: true };
    for (const text of ["", "{", "[]", '{"mode":"some"}']) expect(readSecretUse(text)).toEqual(most);
  });

  it("are those that the scripts name now, each once", () => {
    const at = { line: 1, column: 1 };
    const secrets = [
      { name: "A", ...at },
      { name: "B", ...at },
      { name: "A", ...at, file: "scripts/a" },
    ];
    const facts = { secrets, secretsOpen: true, comparesSecret: [], globals: [], uncalled: null };
    expect(secretUseOf(DEFAULTS, facts)).toEqual({ ...NONE, used: ["A", "B"], open: true });
  });

  it("are those that the default response names besides, when it is filled in", () => {
    const response = {
      ...DEFAULTS.response,
      body: "${secrets.A} ${secrets.B}",
      headers: [["x", "${secrets.C}"]] as const,
    };
    expect(secretUseOf({ ...DEFAULTS, response }, null)).toEqual(NONE);
    const filled = { ...DEFAULTS, response: { ...response, interpolate: true } };
    expect(secretUseOf(filled, null)).toEqual({ ...NONE, used: ["A", "B", "C"], interpolate: true });
  });

  it.each<[Partial<SecretUse>, readonly Scope[], Scope | null]>([
    [{}, [], null],
    [{ mode: "all" }, ["scripts:write"], "secrets:use"],
    [{ mode: "selected" }, ["secrets:use"], null],
    [{ mode: "selected", reveal: true }, ["secrets:use"], "secrets:reveal"],
    [{ mode: "selected", interpolate: true }, ["secrets:use"], "secrets:reveal"],
    [{ mode: "all", reveal: true }, ["secrets:use", "secrets:reveal"], null],
    [{ mode: "all", reveal: true }, ["*"], null],
  ])("%o with %o needs %o", (use, scopes, needs) => {
    const check = () => requireFollowerScopes(holder(scopes), { ...NONE, ...use }, " for it");
    if (needs === null) expect(check).not.toThrow();
    else expect(check).toThrow(`This needs a key with the scope ${needs} for it.`);
  });
});
