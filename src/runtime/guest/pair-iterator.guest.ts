import { apply, create, defineProperty, getPrototypeOf, setPrototypeOf } from "./primordials.guest.ts";

type Entry = readonly [name: string, value: unknown];
/** The entries as they are now: what changes during an iteration is seen by it (Web IDL, 3.7.9). */
type EntriesOf = (target: object) => readonly Entry[];
type Pick = (entry: Entry) => unknown;

const whole: Pick = ([name, value]) => [name, value];
const nameOf: Pick = ([name]) => name;
const valueOf: Pick = ([, value]) => value;

class PairIterator {
  #target: object;
  #entriesOf: EntriesOf;
  #pick: Pick;
  #index = 0;

  constructor(target: object, entriesOf: EntriesOf, pick: Pick) {
    this.#target = target;
    this.#entriesOf = entriesOf;
    this.#pick = pick;
  }

  next(): IteratorResult<unknown> {
    const entry = this.#entriesOf(this.#target)[this.#index];
    if (entry === undefined) return { value: undefined, done: true };
    this.#index += 1;
    return { value: this.#pick(entry), done: false };
  }
}

const iteratorPrototype: object = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));
// oxlint-disable-next-line typescript/unbound-method -- it goes to other prototypes, and checks its `this` by a private name
const { next } = PairIterator.prototype;

const isCallback = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === "function";

/**
 * Gives a class `entries`, `keys`, `values` and `forEach`. `entriesOf` throws a TypeError for what is no instance.
 * Iterators are `[object Headers Iterator]` and so on, on one prototype for each class.
 */
export const iteratePairs = (
  name: string,
  made: { readonly prototype: object },
  entriesOf: EntriesOf,
): void => {
  const prototype: object = create(iteratorPrototype);
  defineProperty(prototype, "next", { value: next, writable: true, enumerable: true, configurable: true });
  defineProperty(prototype, Symbol.toStringTag, { value: `${name} Iterator`, configurable: true });
  const iterate = (target: object, pick: Pick): object => {
    entriesOf(target);
    return setPrototypeOf(new PairIterator(target, entriesOf, pick), prototype);
  };
  const methods = {
    entries(this: object): object {
      return iterate(this, whole);
    },
    forEach(this: object, callback: unknown, self: unknown = undefined): void {
      entriesOf(this);
      if (!isCallback(callback)) throw new TypeError("forEach takes a function.");
      for (let index = 0; ; index += 1) {
        const entry = entriesOf(this)[index];
        if (entry === undefined) return;
        apply(callback, self, [entry[1], entry[0], this]);
      }
    },
    keys(this: object): object {
      return iterate(this, nameOf);
    },
    values(this: object): object {
      return iterate(this, valueOf);
    },
  };
  for (const [key, value] of Object.entries(methods)) {
    defineProperty(made.prototype, key, { value, writable: true, enumerable: true, configurable: true });
  }
};
