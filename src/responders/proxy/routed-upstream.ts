import type { Definition } from "../manage/definition.ts";
import { hasAnswer } from "./has-answer.ts";
import type { Upstream } from "./upstream.ts";

/** Where hits of a responder go: without a script it is known at save whether a spy has an answer. */
export const routedUpstream = ({
  upstream,
  script,
  response,
}: Pick<Definition, "upstream" | "script" | "response">): Upstream | null =>
  upstream?.mode === "spy" && script === null && hasAnswer(response) ? null : upstream;
