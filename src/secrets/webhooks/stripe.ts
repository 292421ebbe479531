import { fromHex, utf8 } from "../../lib/bytes.ts";
import { hmac } from "../operations/hmac.ts";
import { firstThatSigned, malformed, no, type Scheme, signatureHeader, timeFault } from "./scheme.ts";

const HEADER = "stripe-signature";

/** `t=SECONDS,v1=HEX[,v1=HEX][,v0=…]`: HMAC-SHA256 of `t.body`, under the secret as it is, `whsec_` included. */
export const stripe: Scheme = (request, secrets, clock) => {
  const found = signatureHeader(request, HEADER, "Stripe");
  if ("missing" in found) return found.missing;
  const parts = found.value.split(",").map((part) => part.trim());
  const valuesOf = (name: string): readonly string[] =>
    parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  const [sentAt] = valuesOf("t");
  const given = valuesOf("v1").flatMap((text) => fromHex(text) ?? []);
  if (sentAt === undefined || given.length === 0) return malformed(HEADER, "t=SECONDS,v1=HEX");
  const fault = timeFault(sentAt, HEADER, clock);
  if (fault !== undefined) return no(fault);
  const body = request.asSigned(request.body);
  return firstThatSigned(secrets, {
    sign: (text) => [hmac("SHA-256", utf8(text), utf8(`${sentAt}.`), body)],
    given,
    form: "the signing secret of this endpoint (whsec_…), not the API key",
    hint: "nothing changed the body",
  });
};
