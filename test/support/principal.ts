import { limitsOf, type Principal } from "../../src/accounts/index.ts";
import { mintAccount } from "./account.ts";

/** A new account of the largest plan, as what the API calls on its behalf gets to see it. */
export const mintPrincipal = async (scopes: Principal["scopes"]): Promise<Principal> => {
  const { id, handle } = await mintAccount();
  const limits = limitsOf("ultimate", {});
  const account = {
    id,
    handle,
    name: "x",
    tier: "ultimate",
    limits,
    suspended: false,
    createdAt: 0,
  } as const;
  return { account, keyId: "key_1", scopes };
};
