/** A secret's name in a template; the names are those that `manage` accepts. */
const SLOT = /\$\{secrets\.([A-Za-z][A-Za-z0-9_-]{0,127})\}/g;

export interface Interpolated {
  readonly text: string;
  /** The names that were filled in, and those that nobody knows, each once and in the order of the text. */
  readonly filled: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * `${secrets.NAME}` replaced from left to right, once: what is filled in is not read again, so that no secret becomes a
 * template. What is unknown stays as it is.
 */
export const interpolate = (template: string, lookup: (name: string) => string | undefined): Interpolated => {
  const filled = new Set<string>();
  const unknown = new Set<string>();
  const text = template.replaceAll(SLOT, (slot: string, name: string) => {
    const value = lookup(name);
    (value === undefined ? unknown : filled).add(name);
    return value ?? slot;
  });
  return { text, filled: [...filled], unknown: [...unknown] };
};
