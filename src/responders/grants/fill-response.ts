import { isHeaderValue } from "../../lib/headers.ts";
import { interpolate } from "../../secrets/index.ts";
import type { DefaultResponse } from "../routing/routes.ts";
import type { Grants } from "./grant.ts";

export type Filled =
  | {
      readonly kind: "filled";
      readonly response: DefaultResponse;
      /** Ids of the secrets that stand in it now. */
      readonly used: readonly string[];
    }
  /** A value that no header can carry: the secret's name and the header's. */
  | { readonly kind: "unfit"; readonly secrets: readonly string[]; readonly header: string };

/**
 * A default response with its `${secrets.NAME}` filled in: in header values, and in a body that was given as text. What is filled
 * in is not read again, so that no secret becomes a template.
 */
export const fillResponse = (
  response: DefaultResponse,
  { secrets }: Extract<Grants, { kind: "granted" }>,
): Filled => {
  const byName = new Map(secrets.map((secret) => [secret.name, secret]));
  const used = new Set<string>();
  const fill = (template: string): { readonly text: string; readonly names: readonly string[] } => {
    const { text, filled } = interpolate(template, (name) => byName.get(name)?.value);
    for (const name of filled) {
      const id = byName.get(name)?.id;
      if (id !== undefined) used.add(id);
    }
    return { text, names: filled };
  };
  const headers: [string, string][] = [];
  for (const [name, value] of response.headers) {
    const { text, names } = fill(value);
    // A line break would split the response (CWE-113).
    if (!isHeaderValue(text)) return { kind: "unfit", secrets: names, header: name };
    headers.push([name, text]);
  }
  const { status, body } = response;
  const filledBody =
    typeof body === "string" ? fill(body).text : "text" in body ? { text: fill(body.text).text } : body;
  return { kind: "filled", response: { status, headers, body: filledBody }, used: [...used] };
};
