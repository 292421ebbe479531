import { type Accounts, authenticateOperator, type Operator, type Principal } from "../accounts/index.ts";
import type { BaseDeps } from "./deps.ts";
import { ApiProblem } from "./problems.ts";

const unauthorized = (detail: string): ApiProblem =>
  new ApiProblem("unauthorized", detail, { headers: [["www-authenticate", "Bearer"]] });

export const bearerOf = (request: Request): string => {
  const header = request.headers.get("authorization");
  const token = /^Bearer +([^\s,]+)$/i.exec(header ?? "")?.[1];
  if (token !== undefined) return token;
  throw unauthorized(
    header === null
      ? "Send your API key in the header: Authorization: Bearer hw_…"
      : "The Authorization header must read: Bearer, a space, and one API key.",
  );
};

/** A key in a URL stands in logs, histories and Referer headers: it is refused even where no key is needed. */
export const assertNoKeyInUrl = (url: string): void => {
  if (/hw_(?:live|dev)_/.test(url)) {
    const advice =
      "Send it in the Authorization header; this one should be deleted, for logs may have it now.";
    throw new ApiProblem("key-in-url", `An API key never goes into a URL. ${advice}`);
  }
};

export const authenticateKey = async (
  accounts: Pick<Accounts, "authenticate">,
  request: Request,
): Promise<Principal> => {
  const principal = await accounts.authenticate(bearerOf(request));
  // One answer for all reasons: it does not tell whether a key ever existed.
  if (principal === undefined) throw unauthorized("This API key is unknown, expired or deleted.");
  return principal;
};

/** …or by the ticket that stands in the URL of a caller who can send no header. It opens the path of that URL alone. */
export const authenticateTicket = async (
  accounts: Pick<Accounts, "redeemTicket">,
  url: URL,
): Promise<Principal | undefined> => {
  const ticket = url.searchParams.get("ticket");
  if (ticket === null) return undefined;
  const principal = await accounts.redeemTicket(ticket, url.pathname);
  if (principal !== undefined) return principal;
  throw unauthorized("This ticket was used before, is older than 30 s, or is for another path. Get another.");
};

/** For as long as the rate-limit bindings count. */
const RATE_SECONDS = 10;

/** Stops one account's calls from slowing the others': each costs queries of the database that all share. */
export const assertWithinRate = async (
  withinRate: BaseDeps["withinRate"],
  { account }: Principal,
): Promise<void> => {
  if (await withinRate(account)) return;
  throw new ApiProblem("too-many-requests", `Too many calls of the API. Try again in ${RATE_SECONDS} s.`, {
    headers: [["retry-after", String(RATE_SECONDS)]],
  });
};

export const authenticateAdmin = async (
  adminToken: string | undefined,
  request: Request,
): Promise<Operator> => {
  if (adminToken === undefined) {
    throw new ApiProblem("operators-off", "Set ADMIN_TOKEN to use the operators' routes.");
  }
  const operator = await authenticateOperator(adminToken, bearerOf(request));
  if (operator === undefined)
    throw unauthorized("This route takes the operators' ADMIN_TOKEN, not an API key.");
  return operator;
};
