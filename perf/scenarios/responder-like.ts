import { fieldOf, HEADERS, jsonOf, numberOf, ORDER_TOTAL, orderHit } from "./hits.ts";
import { scenario } from "./scenario.ts";

const SOURCE = `const NAMES = ${JSON.stringify(HEADERS)};

export default async (request) => {
  const { delivery, items } = await request.json();
  const values = NAMES.map((name) => request.headers.get(name));
  let total = 0;
  for (const item of items) total += item.price * item.quantity;
  const body = { delivery, total, count: items.length, type: values[7], headers: values.length };
  return { status: 200, headers: { "x-total": String(total) }, body };
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
      fieldOf(answer, "type") === "application/json" &&
      fieldOf(answer, "headers") === HEADERS.length
    );
  },
  peers: true,
});
