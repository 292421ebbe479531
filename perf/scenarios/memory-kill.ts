import { plainHit } from "./hits.ts";
import { scenario } from "./scenario.ts";

const SOURCE = `export default () => {
  const kept = [];
  for (;;) kept.push("text ".repeat(200) + kept.length);
};
`;

export const memoryKill = scenario({
  name: "memory_kill",
  about: "a script that fills its heap, ended",
  source: SOURCE,
  hit: plainHit,
  isRight: ({ ending }) => ending === "exceeded memory",
});
