import { type HeaderPairs, withoutHeader } from "../../lib/headers.ts";
import type { Placeholder, Placeholders } from "../placeholders.ts";
import { bodyEscape, fillBody, spotsInBody } from "./body.ts";
import { growthFault } from "./growth.ts";
import { fillHeaders, spotsInHeaders, userAndPassword } from "./headers.ts";
import { maySendTo } from "./hosts.ts";
import {
  bodyLength,
  type Filled,
  type FillPolicy,
  type OutgoingRequest,
  type SecretNotAllowed,
} from "./outgoing.ts";
import { type Spot, spotsForbidden } from "./spot.ts";
import { fillUrl, percentEncode, spotsInUrl } from "./url.ts";

/** Of several, their values with a comma: a request with two types has none that is known. */
const contentTypeOf = (headers: HeaderPairs): string | undefined => {
  const values = headers.filter(([name]) => name.toLowerCase() === "content-type").map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(", ");
};

const listed = (items: readonly string[]): string => (items.length === 0 ? "none" : items.join(", "));

/** Why what was found there cannot be filled in, as the end of a sentence. */
const faultOf = ({ placeholder, place, fault }: Spot, url: URL | null, policy: FillPolicy): string | null => {
  const { hosts, places } = placeholder.secret;
  if (place === null) return "no secret is ever filled in there";
  if (!places.includes(place)) return `its places are ${listed(places)}`;
  if (url === null || !maySendTo(hosts, url, policy)) {
    const isPlain =
      url?.protocol === "http:" ? " and nothing goes unencrypted that the operator does not name" : "";
    return `its hosts are ${listed(hosts)}${isPlain}`;
  }
  return fault;
};

const refusal = ({ placeholder, where }: Spot, host: string, fault: string): SecretNotAllowed => {
  const secret = placeholder.secret.name;
  const message = `The secret ${secret} is not sent to ${host === "" ? "an unknown host" : host} in ${where}: ${fault}.`;
  return { name: "SecretNotAllowed", message, secret, host, place: where };
};

const headerText = (placeholder: Placeholder): string =>
  userAndPassword(placeholder) ?? placeholder.secret.value;

/** What is decoded or cut on the way back could not be masked; and the length is another. */
const prepared = (headers: HeaderPairs): HeaderPairs => [
  ...["accept-encoding", "range", "if-range", "content-length"].reduce(withoutHeader, headers),
  ["accept-encoding", "identity"],
];

/**
 * A request with this run's placeholders filled in, or why it must not leave: a secret goes only to its hosts and only in
 * its places, escaped as the place needs. Nothing of a refused request may be sent, and its error is for the script.
 *
 * For a redirect, call it again with the request *as the script wrote it* and the new URL: each hop starts from the
 * placeholders, so that none carries on what was filled in for another. What `carried` names is masked in the answer by
 * `maskAnswer`, and an answer whose `location` holds it is not followed. What is shown or recorded is the request that was
 * given here, never the one that comes out.
 */
export const fill = (request: OutgoingRequest, placeholders: Placeholders, policy: FillPolicy): Filled => {
  const url = URL.parse(request.url);
  const contentType = contentTypeOf(request.headers);
  const inUrl =
    url === null
      ? spotsForbidden(request.url, placeholders, "a URL that does not parse")
      : spotsInUrl(url, placeholders);
  const inHeaders = spotsInHeaders(request.headers, placeholders);
  const inBody = spotsInBody(request.body, contentType, placeholders);
  const spots = spotsForbidden(request.method, placeholders, "the method").concat(inUrl, inHeaders, inBody);
  if (spots.length === 0) return { kind: "filled", request, carried: [] };

  for (const spot of spots) {
    const fault = faultOf(spot, url, policy);
    if (fault !== null) return { kind: "refused", error: refusal(spot, url?.host ?? "", fault) };
  }
  const tooLong = growthFault([
    { name: "the URL", bytes: request.url.length, spots: inUrl, write: percentEncode },
    { name: "the headers", bytes: 0, spots: inHeaders, write: headerText },
    { name: "the body", bytes: bodyLength(request.body), spots: inBody, write: bodyEscape(contentType) },
  ]);
  if (tooLong !== null) {
    return { kind: "refused", error: refusal(tooLong.spot, url?.host ?? "", tooLong.fault) };
  }
  return {
    kind: "filled",
    request: {
      method: request.method,
      // As it was parsed: nobody shall read another host out of it.
      url: url === null ? request.url : fillUrl(url, placeholders),
      headers: prepared(fillHeaders(request.headers, placeholders)),
      body: inBody.length === 0 ? request.body : fillBody(request.body, contentType, placeholders),
    },
    carried: [...new Map(spots.map(({ placeholder }) => [placeholder.text, placeholder])).values()],
  };
};
