import { fieldOf, jsonOf, plainHit } from "./hits.ts";
import { type Ran, scenario } from "./scenario.ts";

const MODULES = 50;
const places = Array.from({ length: MODULES }, (_, index) => index);

/** What a module of a library is like: a table and a helper of its own, and two functions for others. */
const moduleOf = (index: number, own: string, given: string): string => `
const RATES${own} = { standard: ${index + 5}, reduced: ${index}, none: 0 };
const round${own} = (amount) => Math.round(amount * 100) / 100;
${given}const tax${index} = (order) => {
  const net = order.items.reduce((sum, item) => sum + item.quantity * item.price, 0);
  if (order.total !== undefined && Math.abs(order.total - net) > 0.01) {
    return { status: 422, expected: net, given: order.total };
  }
  return { status: 200, amount: round${own}((net * RATES${own}[order.rate]) / 100) };
};
${given}function rate${index}(name) {
  return RATES${own}[name] ?? RATES${own}.none;
}
`;

const MAIN = `
const ORDER = { rate: "standard", items: [{ quantity: 2, price: 10 }] };

export default () => {
  let sum = 0;
  ${places.map((index) => `sum += rate${index}("reduced") + tax${index}(ORDER).amount;`).join("\n  ")}
  return { body: { sum } };
};
`;

const SUM = places.reduce((sum, index) => sum + index + (20 * (index + 5)) / 100, 0);

const isRight = (ran: Ran): boolean => fieldOf(jsonOf(ran), "sum") === SUM;

export const library = scenario({
  name: "library",
  about: `${MODULES} scripts of the library, two functions of each called`,
  source:
    places.map((index) => `import { tax${index}, rate${index} } from "scripts/m${index}";\n`).join("") + MAIN,
  library: Object.fromEntries(places.map((index) => [`m${index}`, moduleOf(index, "", "export ")])),
  hit: plainHit,
  isRight,
});

export const libraryFlat = scenario({
  name: "library_flat",
  about: "the same functions in one file",
  source: places.map((index) => moduleOf(index, String(index), "")).join("") + MAIN,
  hit: plainHit,
  isRight,
});
