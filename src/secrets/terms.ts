import type { SecretPlace } from "./granted.ts";
import type { TermsText } from "./envelope.ts";

/** Where a secret may be sent: to which hosts, and in which places of a request. */
export interface Terms {
  /** `host`, `host:port` or `*.domain`. */
  readonly hosts: readonly string[];
  readonly places: readonly SecretPlace[];
}

export const writeTerms = ({ hosts, places }: Terms): TermsText => ({
  hosts: JSON.stringify(hosts),
  places: JSON.stringify(places),
});

export const isPlace = (text: unknown): text is SecretPlace =>
  typeof text === "string" &&
  (text === "query" || text === "path" || text === "form" || text === "json" || text.startsWith("header:"));

const listIn = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

/** What is not readable gives nothing. */
export const readTerms = ({ hosts, places }: TermsText): Terms => ({
  hosts: listIn(hosts).filter((host) => typeof host === "string"),
  places: listIn(places).filter(isPlace),
});
