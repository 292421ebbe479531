import { z } from "@hono/zod-openapi";
import type { NotificationsNoun } from "../notifications/index.ts";
import {
  AddressGiven,
  AddressShown,
  CodeGiven,
  NotificationsShown,
  SecretOnce,
  showAddress,
  showNotifications,
} from "./notifications-fields.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { ApiProblem } from "./problems.ts";
import type { Router } from "./router.ts";

export interface NotificationRoutesDeps {
  readonly notifications: NotificationsNoun;
}

const tag = "Notifications";
const ofResponder = { path: "/api/v1/responders/:id/notifications", params: { id: "rsp" }, tag } as const;
const all = { path: "/api/v1/notifications/addresses", tag } as const;
const one = { path: `${all.path}/:address`, params: { address: "text" }, tag } as const;

export const registerNotifications = (router: Router, { notifications }: NotificationRoutesDeps): void => {
  router.scoped(
    {
      ...ofResponder,
      id: "listNotifications",
      method: "get",
      summary: "See what was sent of a responder",
      description: "The last 50 notifications, newest first, and how each target took them.",
      scope: "responders:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: NotificationsShown,
    },
    async (principal, { param }) => ({
      body: showNotifications(await notifications.read(principal, param("id"))),
    }),
  );

  router.scoped(
    {
      ...ofResponder,
      path: `${ofResponder.path}/secret`,
      id: "renewSigningSecret",
      method: "post",
      summary: "Make the signing secret of a responder's webhooks",
      description:
        "A new one, shown this once; no other answer holds it. The one before it ends at once: what a receiver refuses meanwhile " +
        "is tried again.",
      scope: "responders:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 201,
      shown: SecretOnce,
    },
    async (principal, { param }) => {
      if (notifications.renewSecret === undefined) {
        throw new ApiProblem("secrets-off", "Set MASTER_KEYS: without a key no signing secret is kept.");
      }
      return { body: { secret: await notifications.renewSecret(principal, param("id")) } };
    },
  );

  router.scoped(
    {
      ...all,
      id: "listEmailAddresses",
      method: "get",
      summary: "List addresses for notifications",
      scope: "responders:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: z.object({ items: z.array(AddressShown).readonly() }).openapi("EmailAddresses"),
    },
    async (principal) => ({
      body: { items: (await notifications.listAddresses(principal)).map(showAddress) },
    }),
  );

  router.scoped(
    {
      ...all,
      id: "addEmailAddress",
      method: "post",
      summary: "Add an address for notifications",
      description:
        "Sends a code there, good for 15 minutes: give it back to `verify`. Ten addresses at most, and one code for each in 15 minutes.",
      scope: "responders:write",
      query: NO_QUERY,
      body: AddressGiven,
      status: 201,
      shown: AddressShown,
      conflicts: true,
    },
    async (principal, { body }) => {
      const added = await notifications.addAddress(principal, body.address);
      return { body: showAddress(added), location: `${all.path}/${encodeURIComponent(added.address)}` };
    },
  );

  router.scoped(
    {
      ...one,
      path: `${one.path}/verify`,
      id: "verifyEmailAddress",
      method: "post",
      summary: "Verify an address by its code",
      description: "Five tries.",
      scope: "responders:write",
      query: NO_QUERY,
      body: CodeGiven,
      status: 200,
      shown: AddressShown,
    },
    async (principal, { param, body }) => ({
      body: showAddress(await notifications.verifyAddress(principal, param("address"), body.code)),
    }),
  );

  router.scoped(
    {
      ...one,
      id: "deleteEmailAddress",
      method: "delete",
      summary: "Delete an address",
      description: "Nothing is sent there any more, also where a responder still names it.",
      scope: "responders:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      conflicts: true,
    },
    async (principal, { param }) => {
      await notifications.deleteAddress(principal, param("address"));
      return { body: undefined };
    },
  );
};
