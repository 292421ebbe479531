export type { Client, Hit, Rejection, Reply } from "./hit.ts";
export type { Match, Params } from "./routing/match.ts";
export type { RoutedAccount, RoutedResponder, RouteTable } from "./routing/routes.ts";
export { compileTable } from "./routing/table.ts";
export type { Table } from "./routing/table.ts";
export { createTables } from "./routing/tables.ts";
export type { Lookup, Tables, TablesDeps } from "./routing/tables.ts";
