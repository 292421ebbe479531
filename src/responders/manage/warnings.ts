import { isBodyless, SET_BY_PLATFORM } from "../../lib/headers.ts";
import type { Refusal } from "../../runtime/index.ts";
import { namesInTemplate } from "../../secrets/index.ts";
import { bytesOf } from "../body.ts";
import type { Definition } from "./definition.ts";
import type { Warning } from "./responder.ts";
import { templatesOf } from "./templates.ts";
import { upstreamWarnings } from "./upstream-warnings.ts";

/**
 * What workerd's HTTP library knows besides those that no responder may take: it answers 501 to any other method itself.
 * Source: `kj/compat/http.h`.
 */
const ARRIVING = new Set(
  (
    "GET HEAD POST PUT DELETE PATCH OPTIONS PURGE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK ACL REPORT " +
    "MKACTIVITY CHECKOUT MERGE MSEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE QUERY BAN"
  ).split(" "),
);

const templateWarnings = (
  { body, headers, interpolate }: Definition["response"],
  granted: readonly string[],
): readonly Warning[] => {
  return templatesOf({ body, headers }).flatMap(({ path, template }): readonly Warning[] => {
    const names = namesInTemplate(template);
    if (names.length === 0) return [];
    if (!interpolate) {
      const message = "`${secrets.…}` stays as it is written: it is filled in only with `interpolate`.";
      return [{ path, message }];
    }
    return names
      .filter((name) => !granted.includes(name))
      .map((name) => ({
        path,
        message: `\`\${secrets.${name}}\` stays as it is written: this responder is granted no secret of this name.`,
      }));
  });
};

/** What in a definition, its script apart, will not do what its owner seems to want. `granted`: names of secrets. */
export const definitionWarnings = (
  definition: Definition,
  granted: readonly string[],
  refusalOf: (url: string) => Refusal | undefined,
): readonly Warning[] => {
  const { response, method, path } = definition;
  const warnings: Warning[] = [];
  const bytes = bytesOf(response.body)?.length ?? 0;
  if (isBodyless(response.status) && bytes > 0) {
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
  warnings.push(...templateWarnings(response, granted), ...upstreamWarnings(definition, granted, refusalOf));
  if (typeof method !== "string" && method.length === 1 && method[0] === "HEAD") {
    warnings.push({ path: "method", message: "Answers to HEAD have no body. `GET` answers HEAD as well." });
  }
  const methods = typeof method === "string" ? [method] : method;
  const lost = methods.filter((name) => name !== "ANY" && !ARRIVING.has(name));
  if (lost.length > 0) {
    const message = `The platform refuses ${lost.join(", ")} before a responder sees it.`;
    warnings.push({ path: "method", message });
  }
  if (/%2f/i.test(path)) {
    const message = "`%2F` in a path never separates: it matches an encoded slash inside one segment.";
    warnings.push({ path: "path", message });
  }
  return warnings;
};
