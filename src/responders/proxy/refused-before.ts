import type { RawRequest } from "./raw-request.ts";
import { type ForwardJob, refuse, type StartedLeg } from "./start-leg.ts";

/** They would make an upstream open a tunnel, or show what was filled in. */
const NOT_FORWARDED: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

export const announcedSize = ({ body }: Pick<RawRequest, "body">): number =>
  body === null ? 0 : body.kind === "bytes" ? body.bytes.length : (body.length ?? 0);

/** What is not forwarded, wherever it would go; `undefined`: it may be. */
export const refusedBefore = (
  { account }: Pick<ForwardJob, "account">,
  method: string,
  raw: RawRequest,
): StartedLeg | undefined => {
  const { proxyBodyBytes } = account.limits;
  const size = announcedSize(raw);
  if (NOT_FORWARDED.has(method)) return refuse("not-implemented", `${method} is not forwarded.`, size);
  if (raw.headers.get("upgrade")?.toLowerCase().includes("websocket") === true) {
    return refuse("not-implemented", "WebSockets are not forwarded yet.", size);
  }
  if (size > proxyBodyBytes) {
    return refuse("request-too-large", `A body may have ${proxyBodyBytes} bytes.`, size);
  }
  return undefined;
};
