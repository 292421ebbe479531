import type { Secrets, SecretsManagement } from "../secrets/index.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { pageOf, pageRequest, SearchQuery, toPage } from "./page.ts";
import { ApiProblem } from "./problems.ts";
import type { Router } from "./router.ts";
import {
  RotationShown,
  SavedSecretShown,
  SecretGiven,
  SecretPatchGiven,
  SecretShown,
  showSavedSecret,
  showSecret,
} from "./secrets-fields.ts";

export interface SecretRoutesDeps {
  readonly secrets: Pick<Secrets, "management">;
}

const all = { path: "/api/v1/secrets", tag: "Secrets" } as const;
const one = { path: "/api/v1/secrets/:id", params: { id: "sec" }, tag: "Secrets" } as const;

const HOLDS = "It holds at once where it was made, and everywhere within 65 s.";

export const registerSecrets = (router: Router, { secrets }: SecretRoutesDeps): void => {
  const management = (): SecretsManagement => {
    if (secrets.management !== undefined) return secrets.management;
    throw new ApiProblem("secrets-off", "Set MASTER_KEYS to keep secrets: without a key nothing is stored.");
  };

  router.scoped(
    {
      ...all,
      id: "createSecret",
      method: "post",
      summary: "Keep a secret",
      description:
        "Encrypted by a key of its own, which the operator's master key wraps. Scripts use it by its name where a responder " +
        "grants it, and never hold it.",
      scope: "secrets:write",
      query: NO_QUERY,
      body: SecretGiven,
      status: 201,
      shown: SavedSecretShown,
    },
    async (principal, { body }) => {
      const saved = await management().create(principal, body);
      return { ...showSavedSecret(saved), location: `/api/v1/secrets/${saved.id}` };
    },
  );

  router.scoped(
    {
      ...all,
      id: "listSecrets",
      method: "get",
      summary: "List secrets",
      description: "Newest first, without their values.",
      scope: "secrets:read",
      query: SearchQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(SecretShown).openapi("SecretPage"),
    },
    async (principal, { query }) => {
      const list = `secrets:${principal.account.id}`;
      const page = pageRequest(list, query);
      return { body: toPage(list, page.limit, await management().list(principal, page), showSecret) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readSecret",
      method: "get",
      summary: "Read a secret",
      description: "Without its value, which no answer holds.",
      scope: "secrets:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: SecretShown,
    },
    async (principal, { param }) => {
      const secret = await management().read(principal, param("id"));
      return { body: showSecret(secret), etag: secret.etag };
    },
  );

  router.scoped(
    {
      ...one,
      id: "updateSecret",
      method: "patch",
      summary: "Change a secret",
      description: `What is not named does not change, \`null\` is the default again; \`hosts\` and \`in\` are replaced whole. An entry that what is there does not cover needs the \`value\` in the same request: who can send a secret somewhere new must already have it. Another name needs the scope \`secrets:reveal\` as well while a responder that is granted the secret has \`reveal\` or \`interpolate\`. ${HOLDS}`,
      scope: "secrets:write",
      query: NO_QUERY,
      body: SecretPatchGiven,
      status: 200,
      shown: SavedSecretShown,
      guarded: true,
      conflicts: true,
    },
    async (principal, { param, body, ifMatch }) =>
      showSavedSecret(await management().update(principal, param("id"), body, ifMatch)),
  );

  router.scoped(
    {
      ...one,
      id: "deleteSecret",
      method: "delete",
      summary: "Delete a secret",
      description: `Responders that are granted it go on without it. ${HOLDS}`,
      scope: "secrets:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      guarded: true,
    },
    async (principal, { param, ifMatch }) => {
      await management().delete(principal, param("id"), ifMatch);
      return { body: undefined };
    },
  );

  router.operators(
    {
      id: "rotateSecrets",
      method: "post",
      path: "/api/v1/operator/secrets/rotate",
      tag: "Accounts",
      summary: "Go on with a rotation of master keys",
      description:
        "After a new key was put first in MASTER_KEYS: brings up to 500 secrets under it. Call it until `left` is 0, or wait " +
        "for the cron, which does the same. Values are not touched, and secrets work all the while.",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: RotationShown,
    },
    async (operator) => ({ body: await management().rotate(operator) }),
  );
};
