import { utf8 } from "../../src/lib/bytes.ts";
import { fieldOf, jsonOf, numberOf } from "./hits.ts";
import { scenario } from "./scenario.ts";

/** Longer than it takes to begin all of them, so that at one moment all are asleep. */
const SLEEP_MS = 4_000;

const SOURCE = `export default async (request) => {
  const { delivery } = await request.json();
  const event = request.headers.get("x-event");
  await new Promise((resolve) => setTimeout(resolve, ${SLEEP_MS}));
  return { body: { delivery, event } };
};
`;

export const parked = scenario({
  name: "parked",
  about: "1,000 scripts asleep on timers at once",
  source: SOURCE,
  hit: (at) => ({
    method: "POST",
    url: "https://perf.example.com/later",
    headers: [
      ["content-type", "application/json"],
      ["x-event", `event-${numberOf(at)}`],
    ],
    body: utf8(JSON.stringify({ delivery: numberOf(at) })),
  }),
  isRight: (ran, at) => {
    const answer = jsonOf(ran);
    return (
      fieldOf(answer, "delivery") === numberOf(at) && fieldOf(answer, "event") === `event-${numberOf(at)}`
    );
  },
  runsAtOnce: 1_000,
  sleepMs: SLEEP_MS,
});
