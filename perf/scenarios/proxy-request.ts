import { fieldOf, jsonOf, numberOf, plainHit } from "./hits.ts";
import { type Ran, scenario } from "./scenario.ts";

/** Awaits one host call, which ends on the next turn; what was read before is needed after it. */
export const AWAITING = `export default async (request) => {
  const delivery = request.headers.get("x-delivery");
  await new Promise((resolve) => setTimeout(resolve, 0));
  return { body: { delivery } };
};
`;

export const isDelivered = (ran: Ran, at: number): boolean =>
  fieldOf(jsonOf(ran), "delivery") === numberOf(at);

export const proxyRequest = scenario({
  name: "proxy_request",
  about: "one awaited host call, which ends on the next turn",
  source: AWAITING,
  hit: plainHit,
  isRight: isDelivered,
  peers: true,
});
