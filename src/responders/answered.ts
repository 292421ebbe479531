import type { ScriptAnswer } from "../scripts/index.ts";
import type { Hit, Reply } from "./hit.ts";
import { layOver } from "./lay-over.ts";

type ScriptBody = NonNullable<Extract<ScriptAnswer, { kind: "response" }>["body"]>;

/** The bytes of a script's body. `passed`: what it passed on unread of what another server sent. */
export const bodyBytes =
  (hit: Pick<Hit, "body">, passed: Reply["body"]) =>
  (body: ScriptBody): Reply["body"] => {
    if (body instanceof Uint8Array) return body;
    return "stream" in body ? passed : hit.body;
  };

/** What a script answered of its own, over what it is laid over. */
export const answered = (
  answer: Exclude<ScriptAnswer, { kind: "forward" }>,
  base: Reply,
  bytesOf: (body: ScriptBody) => Reply["body"],
): Reply => {
  switch (answer.kind) {
    case "none":
      return base;
    case "response": {
      const { status, headers, body } = answer;
      return { status, headers, body: body && bytesOf(body) };
    }
    case "reply":
      return layOver(base, answer, bytesOf);
  }
};
