import { defineProperty, describers, get, tryDefine } from "../../runtime/guest/index.guest.ts";

/** A property that is made when a script first asks for it, and from then on a plain one that it may change. */
export const defineLazily = (target: object, name: string, make: () => unknown): void => {
  let made: { readonly value: unknown } | undefined;
  const settle = (value: unknown): boolean =>
    tryDefine(target, name, { value, writable: true, enumerable: true, configurable: true });
  defineProperty(target, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      // Of a frozen object it stays an accessor.
      made ??= { value: make() };
      settle(made.value);
      return made.value;
    },
    set: (value: unknown) => {
      if (!settle(value)) throw new TypeError(`${name} is read-only.`);
    },
  });
};

/** Several of them, which `console.log` shows as what they come to: other getters it only names. */
export const lazily = (target: object, makes: Readonly<Record<string, () => unknown>>): void => {
  const names = Object.keys(makes);
  for (const [name, make] of Object.entries(makes)) defineLazily(target, name, make);
  describers.push((value) => {
    if (value !== target) return undefined;
    for (const name of names) if (name in target) get(target, name);
    return { name: "Object", fields: target };
  });
};
