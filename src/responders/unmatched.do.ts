import { DurableObject } from "cloudflare:workers";
import { parseJson } from "./read.ts";
import { readUnmatched } from "./unmatched/read-unmatched.ts";
import { KEPT_HITS } from "./unmatched/unmatched-hit.ts";
import type { UnmatchedHit } from "./unmatched/unmatched-hit.ts";

/** The ring of one account's hits that matched nothing; its name is the account's id. */
export class Unmatched extends DurableObject {
  /** Oldest first. */
  record(hits: readonly UnmatchedHit[]): void {
    this.#prepare();
    const { sql } = this.ctx.storage;
    for (const hit of hits) sql.exec("INSERT INTO hits (hit) VALUES (?)", JSON.stringify(hit));
    sql.exec("DELETE FROM hits WHERE place <= (SELECT max(place) FROM hits) - ?", KEPT_HITS);
  }

  list(): readonly UnmatchedHit[] {
    this.#prepare();
    const rows = this.ctx.storage.sql.exec("SELECT hit FROM hits ORDER BY place DESC").toArray();
    return rows.flatMap(
      ({ hit }) => readUnmatched(typeof hit === "string" ? parseJson(hit) : undefined) ?? [],
    );
  }

  async erase(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  /** Each time, for `deleteAll` takes the table with it. */
  #prepare(): void {
    this.ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS hits (place INTEGER PRIMARY KEY AUTOINCREMENT, hit TEXT NOT NULL)",
    );
  }
}
