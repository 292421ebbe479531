/** Where in a request a secret may stand; a header's name is in lower case. */
export type SecretPlace = "query" | "path" | "form" | "json" | `header:${string}`;

/** A secret that a run was granted, opened. It lives in the host's memory alone, and never in a sandbox. */
export interface GrantedSecret {
  readonly id: string;
  readonly name: string;
  /** Of the value. */
  readonly version: number;
  /** 1 to 10,240 bytes in UTF-8. */
  readonly value: string;
  /** Where it may be sent: `host`, `host:port` or `*.domain`. */
  readonly hosts: readonly string[];
  readonly places: readonly SecretPlace[];
}
