import { fieldOf, HEADERS, jsonOf, numberOf, ORDER_TOTAL, orderHit } from "./hits.ts";
import { scenario } from "./scenario.ts";

const SOURCE = `const NAMES = ${JSON.stringify(HEADERS)};

export default async (request) => {
  const { delivery, items } = await request.json();
  const headers = {};
  for (const name of NAMES) headers[name] = request.headers.get(name);
  let total = 0;
  for (const item of items) total += item.price * item.quantity;
  const names = items.filter((item) => item.stock.reserved).map((item) => item.name);
  return { headers: { "x-total": String(total) }, body: { delivery, total, names, headers } };
};
`;

export const responderLike = scenario({
  name: "responder_like",
  about: "a JSON body of 50 items parsed, 17 headers read, JSON answered",
  source: SOURCE,
  hit: orderHit,
  isRight: (ran, at) => {
    const answer = jsonOf(ran);
    return (
      fieldOf(answer, "delivery") === numberOf(at) &&
      fieldOf(answer, "total") === ORDER_TOTAL &&
      fieldOf(fieldOf(answer, "headers"), "x-delivery") === numberOf(at)
    );
  },
  peers: true,
});
