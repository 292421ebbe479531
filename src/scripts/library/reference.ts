import type { ScriptRef } from "../compiled.ts";

export const SCRIPT_NAME = /^[a-z][a-z0-9-]{0,63}$/;

/** `NAME` follows the latest version, `NAME@3` stays at the third. `undefined` when the text is neither. */
export const parseReference = (text: string): ScriptRef | undefined => {
  const [, name, version] = /^([^@]*)(?:@([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (name === undefined || !SCRIPT_NAME.test(name)) return undefined;
  return { name, version: version === undefined ? null : Number(version) };
};

export const referenceText = ({ name, version }: ScriptRef): string =>
  version === null ? name : `${name}@${version}`;
