import type { FieldError } from "../../lib/errors.ts";
import type { Refusal } from "../../runtime/index.ts";
import { namesInTemplate } from "../../secrets/index.ts";
import { hasAnswer } from "../proxy/has-answer.ts";
import type { Definition } from "./definition.ts";

/** What an upstream will not do that its owner seems to want. `granted`: names of secrets. */
export const upstreamWarnings = (
  { upstream, response, script }: Pick<Definition, "upstream" | "response" | "script">,
  granted: readonly string[],
  refusalOf: (url: string) => Refusal | undefined,
): readonly FieldError[] => {
  if (upstream === null) return [];
  const warnings: FieldError[] = [];
  const refusal = refusalOf(upstream.url);
  if (refusal !== undefined) {
    warnings.push({
      path: "upstream.url",
      message: `Nothing is forwarded there: ${refusal.message}. The operator's EGRESS_ALLOW and EGRESS_PORTS decide.`,
    });
  }
  for (const [index, [, value]] of upstream.headers.entries()) {
    const unknown = namesInTemplate(value).filter((name) => !granted.includes(name));
    for (const name of unknown) {
      const message = `\`\${secrets.${name}}\` stays as it is written: this responder is granted no secret of this name.`;
      warnings.push({ path: `upstream.headers.${index}`, message });
    }
  }
  if (script !== null) return warnings;
  if (upstream.mode === "spy" && hasAnswer(response)) {
    const message =
      "Nothing is forwarded: without a script, `spy` answers every hit by the default response.";
    warnings.push({ path: "upstream.mode", message });
  }
  if (upstream.mode === "forward" && hasAnswer(response)) {
    const message = "Never answered: every hit is forwarded.";
    warnings.push({ path: "response", message });
  }
  return warnings;
};
