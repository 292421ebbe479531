import { z } from "@hono/zod-openapi";
import { base64url, fromBase64url, tryFromUtf8, utf8 } from "../lib/bytes.ts";
import { ApiProblem } from "./problems.ts";

const DEFAULT_LIMIT = 50;
const MOST_LIMIT = 200;

/** The query of every list. */
export const PageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,6}$/, `A whole number from 1 to ${MOST_LIMIT}.`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MOST_LIMIT, `A whole number from 1 to ${MOST_LIMIT}.`)
    .optional()
    .openapi({
      type: "integer",
      minimum: 1,
      maximum: MOST_LIMIT,
      default: DEFAULT_LIMIT,
      description: "How many items a page has at most.",
    }),
  cursor: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: "The `nextCursor` of the page before. Good for that list only." }),
});

/** …of a list that can be searched by name. */
export const SearchQuery = PageQuery.extend({
  q: z.string().min(1).max(100).optional().openapi({ description: "Part of the name, whatever its case." }),
});

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).readonly(),
    nextCursor: z.string().nullable().openapi({ description: "`null` on the last page." }),
  });

export interface PageInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
}

const badCursor = (): ApiProblem =>
  new ApiProblem("invalid", "cursor: not one that this list has given.", {
    errors: [{ path: "cursor", message: "Not one that this list has given." }],
  });

/** `list` names the list and whose it is: a cursor of another account or list is refused. */
const openCursor = (list: string, cursor: string): string => {
  const text = tryFromUtf8(fromBase64url(cursor) ?? new Uint8Array(0)) ?? "";
  if (!text.startsWith(`${list} `) || text.length === list.length + 1) throw badCursor();
  return text.slice(list.length + 1);
};

/** What a verb is asked for; `after` is the id of the last item that the caller has. */
export const pageRequest = (list: string, query: PageInput) => ({
  limit: query.limit ?? DEFAULT_LIMIT,
  after: query.cursor === undefined ? undefined : openCursor(list, query.cursor),
  q: query.q,
});

/** The cursor of what comes after this item. */
export const cursorAt = (list: string, id: string): string => base64url(utf8(`${list} ${id}`));

/** Made of up to `limit + 1` records: the one too many tells that there is another page. */
export const toPage = <Item extends { readonly id: string }, Shown>(
  list: string,
  limit: number,
  records: readonly Item[],
  show: (record: Item) => Shown,
): { readonly items: readonly Shown[]; readonly nextCursor: string | null } => {
  const kept = records.slice(0, limit);
  const last = records.length > limit ? kept.at(-1) : undefined;
  return {
    items: kept.map(show),
    nextCursor: last === undefined ? null : cursorAt(list, last.id),
  };
};
