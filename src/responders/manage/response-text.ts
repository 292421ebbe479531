import type { DefaultResponse } from "../routing/routes.ts";
import { readDefinition } from "./definition.ts";

/** A default response as text: the same each time, for a hash is made of it. */
export const responseText = ({ status, headers, body }: DefaultResponse): string =>
  JSON.stringify({ status, headers, body });

/** …of a stored definition; `undefined` without one. */
export const definitionText = (definition: string | undefined): string | undefined => {
  const read = definition === undefined ? undefined : readDefinition("", definition);
  return read === undefined ? undefined : responseText(read.response);
};
