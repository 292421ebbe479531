import type { Definition } from "./definition.ts";

interface Template {
  readonly path: string;
  readonly template: string;
}

/** What `interpolate` fills in of a default response: its header values, and a body that was given as text. */
export const templatesOf = ({
  body,
  headers,
}: Pick<Definition["response"], "body" | "headers">): readonly Template[] => [
  { path: "response.body", template: typeof body === "string" ? body : "text" in body ? body.text : "" },
  ...headers.map(([, value], index) => ({ path: `response.headers.${index}`, template: value })),
];
