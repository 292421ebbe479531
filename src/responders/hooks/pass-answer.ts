import { type HeaderPairs, isBodyless } from "../../lib/headers.ts";
import type { ScriptAnswer } from "../../scripts/index.ts";
import type { Reply } from "../hit.ts";
import { layOver } from "../lay-over.ts";
import type { ForwardEnding } from "../proxy/start-leg.ts";
import type { Forwarding } from "../proxy/report.ts";
import { changeHeaders, headerChanges, withoutFraming } from "./changed-headers.ts";
import { passedOf, type SeenLeg } from "./hooked-leg.ts";

type Answer = Exclude<ScriptAnswer, { kind: "forward" }>;
type AnswerBody = Extract<ScriptAnswer, { kind: "response" }>["body"];

export interface Passed {
  readonly ending: ForwardEnding["ending"] | { readonly kind: "reply"; readonly reply: Reply };
  readonly forwarding: Forwarding;
}

/** The body that came, as it came: a script has passed it on, or left it alone. */
export const isUpstreams = (body: AnswerBody | undefined, seen: SeenLeg): boolean =>
  body === undefined ||
  (body !== null &&
    !(body instanceof Uint8Array) &&
    "stream" in body &&
    seen.body?.isWhole(body.stream) === true);

/** What the answer is laid over: the upstream's, with what the script changed in place. */
const baseOf = (answer: Answer, { started, shown }: SeenLeg): { status: number; headers: HeaderPairs } => ({
  status: started.answer.status,
  headers: (answer.kind === "response" ? undefined : answer.baseHeaders) ?? shown,
});

/** The status, headers and body that a script wants: of the body `undefined` is the upstream's. */
const wantedOf = (answer: Answer, seen: SeenLeg) => {
  const base = baseOf(answer, seen);
  switch (answer.kind) {
    case "none":
      return { ...base, body: undefined };
    case "response":
      return { status: answer.status, headers: answer.headers, body: answer.body };
    case "reply": {
      const { status, headers } = layOver({ ...base, body: null }, answer, () => null);
      return { status, headers, body: answer.body };
    }
  }
};

/** What a sender gets of an upstream's answer and of what a script made of it. `bytesOf`: of a body that is not the upstream's. */
export const passAnswer = (
  answer: Answer,
  seen: SeenLeg,
  bytesOf: (body: NonNullable<AnswerBody>) => Reply["body"],
): Passed => {
  const { started, shown, body: came } = seen;
  const { status, headers, body } = wantedOf(answer, seen);
  if (isUpstreams(body, seen)) {
    const passed = started.pass(came?.whole() ?? null);
    const own = passed.answer.headers;
    changeHeaders(own, withoutFraming(headerChanges(shown, headers)));
    const isSame = status === started.answer.status;
    const statusText = isSame ? passed.answer.statusText : "";
    const { body: left } = passed.answer;
    // What another status cannot have is not sent.
    if (isBodyless(status)) void left?.cancel().catch(() => undefined);
    return {
      ending: {
        kind: "forwarded",
        answer: { status, statusText, headers: own, body: isBodyless(status) ? null : left },
      },
      forwarding: passed.forwarding,
    };
  }
  const bytes = body === undefined || body === null ? null : bytesOf(body);
  // Asked now: what was read of it stays here no longer than it is recorded.
  const left = passedOf(seen);
  came?.drop();
  return {
    ending: { kind: "reply", reply: { status, headers, body: bytes } },
    forwarding: started.replaced(() => left),
  };
};
