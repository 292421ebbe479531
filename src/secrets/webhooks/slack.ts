import { fromHex, utf8 } from "../../lib/bytes.ts";
import { hmac } from "../operations/hmac.ts";
import { firstThatSigned, malformed, no, type Scheme, signatureHeader, timeFault } from "./scheme.ts";

const HEADER = "x-slack-signature";
const TIME = "x-slack-request-timestamp";

/** `v0=HEX`: HMAC-SHA256 of `v0:timestamp:body`. */
export const slack: Scheme = (request, secrets, clock) => {
  const found = signatureHeader(request, HEADER, "Slack");
  if ("missing" in found) return found.missing;
  const sentAt = request.header(TIME);
  if (sentAt === undefined) return no(`no ${TIME} header, which ${HEADER} also signs.`);
  const fault = timeFault(sentAt, TIME, clock);
  if (fault !== undefined) return no(fault);
  const given = found.value.startsWith("v0=") ? fromHex(found.value.slice(3)) : undefined;
  if (given === undefined) return malformed(HEADER, "v0=HEX");
  const body = request.asSigned(request.body);
  return firstThatSigned(secrets, {
    sign: (text) => [hmac("SHA-256", utf8(text), utf8(`v0:${sentAt}:`), body)],
    given: [given],
    form: "the app's signing secret, not a token",
    hint: "nothing changed the body",
  });
};
