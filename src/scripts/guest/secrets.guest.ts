import {
  defineProperty,
  get,
  getOwnPropertyDescriptor,
  hasOwn,
  ownKeys,
} from "../../runtime/guest/index.guest.ts";
import * as hit from "./hit.guest.ts";
import { newHandle } from "./secret-handle.guest.ts";

/** The host's own words: this side need not doubt them. */
interface Granted {
  readonly names: readonly string[];
  readonly texts: readonly string[];
  readonly revealed: boolean;
}
const isGranted = (value: unknown): value is Granted => value !== undefined;

const NONE: Granted = { names: [], texts: [], revealed: false };
let granted: Granted | undefined;
/** The secrets of this run, by their places. */
export const grantedSecrets = (): Granted => {
  if (granted !== undefined) return granted;
  const told = hit.secrets();
  granted = isGranted(told) ? told : NONE;
  return granted;
};

/** Each granted name as an own property: a handle or, where secrets are revealed, the text. */
const defineSecrets = (target: object, fixed: boolean): void => {
  const { names, texts, revealed } = grantedSecrets();
  for (let place = 0; place < names.length; place += 1) {
    const name = names[place] ?? "";
    const text = texts[place] ?? "";
    defineProperty(target, name, {
      value: revealed ? text : newHandle(place, name, text),
      enumerable: true,
      writable: !fixed,
      configurable: !fixed,
    });
  }
};

/** `context.secrets`: a plain object, in which a name that is not granted is not there. */
export const fillSecrets = (target: object): void => defineSecrets(target, false);

class SecretNotGranted extends Error {
  override readonly name = "SecretNotGranted";
}

/** `ctx.secrets`: it tells who reads a name that is not granted. Filled when a script first looks. */
export const createSecrets = (): object => {
  const held: object = Object.create(null);
  let filled = false;
  const target = (): object => {
    if (!filled) {
      filled = true;
      defineSecrets(held, true);
    }
    return held;
  };
  return new Proxy(held, {
    get: (_target, name) => {
      if (hasOwn(target(), name)) return get(held, name);
      // What `JSON.stringify` and `await` ask of every object: looking at `ctx` is no wish for a secret.
      if (typeof name === "symbol" || name === "toJSON" || name === "then") return undefined;
      throw new SecretNotGranted(`The secret ${name} is not granted to this responder.`);
    },
    has: (_target, name) => hasOwn(target(), name),
    ownKeys: () => ownKeys(target()),
    getOwnPropertyDescriptor: (_target, name) => getOwnPropertyDescriptor(target(), name),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    preventExtensions: () => false,
    setPrototypeOf: () => false,
  });
};
