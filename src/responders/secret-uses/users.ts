import type { Overloaded, SecretHead, SecretUser } from "../../secrets/index.ts";
import type { Db } from "../../storage/index.ts";
import { eachUsing } from "./store.ts";
import type { UsingResponder } from "./store.ts";

/** Shown of each secret: ten thousand responders may have `all`. */
const MOST_SHOWN = 100;

const grantsOf = ({ use }: UsingResponder): ((secretId: string) => boolean) => {
  const ids = new Set(use.mode === "selected" ? use.ids : []);
  return (secretId) => use.mode === "all" || ids.has(secretId);
};

/** Which responders each secret is granted to, or named by: the newest hundred. Not a query for each secret. */
export const usersOfSecrets = async (
  db: Db,
  accountId: string,
  secrets: readonly Pick<SecretHead, "id" | "name">[],
): Promise<ReadonlyMap<string, readonly SecretUser[]>> => {
  const lists = secrets.map(({ id, name }) => ({ id, name, users: new Array<SecretUser>() }));
  for await (const responder of eachUsing(db, accountId)) {
    const open = lists.filter(({ users }) => users.length < MOST_SHOWN);
    if (open.length === 0) break;
    const isGranted = grantsOf(responder);
    const names = new Set(responder.use.used);
    for (const { id, name, users } of open) {
      const granted = isGranted(id);
      const used = names.has(name);
      if (granted || used) users.push({ id: responder.id, name: responder.name, granted, used });
    }
  }
  return new Map(lists.map(({ id, users }) => [id, users]));
};

/** The newest responder that is granted the secret, and has `reveal` or `interpolate`. */
export const exposedBy = async (
  db: Db,
  accountId: string,
  secretId: string,
): Promise<Pick<UsingResponder, "id" | "name"> | undefined> => {
  for await (const responder of eachUsing(db, accountId)) {
    const { id, name, use } = responder;
    if ((use.reveal || use.interpolate) && grantsOf(responder)(secretId)) return { id, name };
  }
  return undefined;
};

/** The newest responder whose grants have more than `mostBytes`, when the account's secrets are these. */
export const overloadedBy = async (
  db: Db,
  accountId: string,
  secrets: readonly Pick<SecretHead, "id" | "bytes">[],
  mostBytes: number,
): Promise<Overloaded | undefined> => {
  for await (const responder of eachUsing(db, accountId)) {
    const isGranted = grantsOf(responder);
    const bytes = secrets.reduce((sum, secret) => (isGranted(secret.id) ? sum + secret.bytes : sum), 0);
    if (bytes > mostBytes) return { id: responder.id, name: responder.name, bytes };
  }
  return undefined;
};
