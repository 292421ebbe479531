import { type PageInput, pageRequest, toPage } from "./page.ts";

/** A page of a list that is short enough to be read whole: it begins after the cursor's item. */
export const pageOfAll = <Item extends { readonly id: string }, Shown>(
  list: string,
  query: PageInput,
  all: readonly Item[],
  show: (item: Item) => Shown,
): { readonly items: readonly Shown[]; readonly nextCursor: string | null } => {
  const { limit, after } = pageRequest(list, query);
  const place = all.findIndex((item) => item.id === after);
  // An item that has left such a list was among the oldest: nothing comes after it.
  const rest = after === undefined ? all : place < 0 ? [] : all.slice(place + 1);
  return toPage(list, limit, rest, show);
};
