import { bytesOf } from "../body.ts";
import type { Definition } from "./definition.ts";
import type { Warning } from "./responder.ts";

/** The platform sets these itself, so a definition's are dropped on the way out. */
export const SET_BY_PLATFORM = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const BODYLESS = new Set([204, 205, 304]);

/** What in a definition, its script apart, will not do what its owner seems to want. */
export const definitionWarnings = ({ response, method, path }: Definition): readonly Warning[] => {
  const warnings: Warning[] = [];
  const bytes = bytesOf(response.body)?.length ?? 0;
  if (BODYLESS.has(response.status) && bytes > 0) {
    const message = `An answer with status ${response.status} has no body: this one is left out.`;
    warnings.push({ path: "response.body", message });
  }
  for (const [index, [name]] of response.headers.entries()) {
    if (!SET_BY_PLATFORM.has(name.toLowerCase())) continue;
    warnings.push({
      path: `response.headers.${index}`,
      message: `${name} is set by the platform: this one is left out.`,
    });
  }
  const texts = [response.body, ...response.headers.map(([, value]) => value)];
  if (texts.some((text) => typeof text === "string" && text.includes("${secrets."))) {
    const message =
      "`${secrets.…}` stays as it is written: it is filled in only with `interpolate`, which comes later.";
    warnings.push({ path: "response", message });
  }
  if (typeof method !== "string" && method.length === 1 && method[0] === "HEAD") {
    warnings.push({ path: "method", message: "Answers to HEAD have no body. `GET` answers HEAD as well." });
  }
  if (/%2f/i.test(path)) {
    const message = "`%2F` in a path never separates: it matches an encoded slash inside one segment.";
    warnings.push({ path: "path", message });
  }
  return warnings;
};
