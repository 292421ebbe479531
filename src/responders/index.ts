export type { Client, Hit, Rejection, Reply } from "./hit.ts";
export type { Match, Params } from "./match.ts";
export type { RoutedAccount, RoutedResponder, RouteTable } from "./routes.ts";
export { compileTable } from "./table.ts";
export type { Table } from "./table.ts";
export { createTables } from "./tables.ts";
export type { Lookup, Tables, TablesDeps } from "./tables.ts";
