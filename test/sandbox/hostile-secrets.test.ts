import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { fromUtf8 } from "../../src/lib/bytes.ts";
import { cleanRoom } from "../support/clean-room.ts";
import { STAGE_SECRETS, secretsStage } from "../support/stages.ts";
import { SECRETS } from "./attacks/secrets.ts";

/** Everything that comes out of a run, as text. */
const shown = (outcome: object): string =>
  JSON.stringify(outcome, (_key, value: unknown) => (value instanceof Uint8Array ? fromUtf8(value) : value));

const forms = Object.values(STAGE_SECRETS).flatMap((text) => [
  text,
  text.slice(6, 40),
  Buffer.from(text).toString("base64").slice(0, -4),
  Buffer.from(text).toString("hex"),
]);

describe("a script that wants the secrets which it was granted", async () => {
  const room = await cleanRoom(secretsStage);
  for (const attack of SECRETS)
    it(attack[0], async () => {
      const outcome = shown(await room.prove(attack));
      const memory = room.watch.memory();
      for (const form of forms) {
        expect(outcome).not.toContain(form);
        expect(memory.includes(form, 0, "utf8") || memory.includes(form, 0, "utf16le")).toBe(false);
      }
    });
});
