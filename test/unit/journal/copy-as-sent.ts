import { COPY_FORMS, type CopyForm } from "../../../src/journal/index.ts";
import type { HeaderPairs } from "../../../src/lib/headers.ts";

/** A request that somebody may have sent, and what of it a form says that it cannot repeat. */
export interface Sent {
  readonly name: string;
  readonly method?: string;
  /** Raw, as it is to arrive. */
  readonly target?: string;
  /** As the journal shows the target, where that differs. */
  readonly shown?: string;
  readonly host?: string;
  readonly headers?: HeaderPairs;
  readonly body?: string | Uint8Array;
  /** A note that a form must give; one that is not named must give none of this kind. */
  readonly limits?: Partial<Record<CopyForm, RegExp>>;
  /** Names of headers that a form leaves out, and says so. */
  readonly lost?: Partial<Record<CopyForm, readonly string[]>>;
  /** Nothing is sent. */
  readonly refused?: readonly CopyForm[];
}

/** The same for some forms, or for all. */
export const inForms = <Value>(forms: readonly CopyForm[], value: Value): Partial<Record<CopyForm, Value>> =>
  Object.fromEntries(forms.map((form) => [form, value]));

export const inEveryForm = <Value>(value: Value): Partial<Record<CopyForm, Value>> =>
  inForms(COPY_FORMS, value);
