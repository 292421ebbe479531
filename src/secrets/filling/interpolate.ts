/** `${secrets.NAME}`, where a default response may name a secret. */
const TEMPLATES = /\$\{secrets\.([A-Za-z][A-Za-z0-9_-]{0,127})\}/g;

export interface Interpolated {
  readonly text: string;
  /** Names that were filled in, each once. */
  readonly filled: readonly string[];
}

/** The names that a template mentions, each once. */
export const namesInTemplate = (template: string): readonly string[] => [
  ...new Set([...template.matchAll(TEMPLATES)].map(([, name = ""]) => name)),
];

/**
 * Fills in what `lookup` knows, left to right and once: what is filled in is not read again, so that no secret becomes a
 * template. An unknown name stays as it is written.
 */
export const interpolate = (template: string, lookup: (name: string) => string | undefined): Interpolated => {
  const filled = new Set<string>();
  const text = template.replaceAll(TEMPLATES, (written, name: string) => {
    const value = lookup(name);
    if (value === undefined) return written;
    filled.add(name);
    return value;
  });
  return { text, filled: [...filled] };
};
