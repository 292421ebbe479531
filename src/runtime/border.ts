import type { AsyncCalls } from "./async-calls.ts";
import type { BorderValues } from "./border-values.ts";
import { type Capability, OpError } from "./capability.ts";
import type { Engine, Value } from "./engine.ts";
import { fuelForBytes, HOST_CALL_FUEL, REFUSAL_FUEL } from "./fuel.ts";
import type { GuestTools } from "./guest-tools.ts";

export interface BorderParts {
  readonly engine: Engine;
  readonly tools: GuestTools;
  readonly values: BorderValues;
  readonly calls: AsyncCalls;
  /** Takes fuel, and ends the run when there is too little. */
  readonly spend: (units: number) => void;
  /** Ends the run when its time is up. */
  readonly checkTime: () => void;
}

const MAX_OP_NAME = 32;
const NOTHING = 0;

/** Own properties alone: no name reaches a prototype. */
const own = <T>(ops: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  ops !== undefined && Object.hasOwn(ops, name) ? ops[name] : undefined;

/**
 * The host's side of the one door (docs/host-door.md): pointers to a call's arguments in, a pointer to its result out.
 * Arguments are copied before anything looks at them, so that the guest cannot change them after the check; and every price is paid before the work.
 */
export const createBorder = (
  capabilities: readonly Capability[],
  parts: BorderParts,
): ((argumentCount: number, argumentsAt: number) => Value) => {
  const { engine, tools, values, calls, spend } = parts;
  /** In their order: the first, every run's own, cannot be replaced by a grant's. */
  const find = <T>(
    pick: (capability: Capability) => Readonly<Record<string, T>> | undefined,
    name: string,
  ) => {
    for (const capability of capabilities) {
      const op = own(pick(capability), name);
      if (op !== undefined) return op;
    }
    return undefined;
  };

  const throwing = ({ name, message }: OpError): Value => {
    // After the work, as nobody knows before: one that fails in a loop must not be cheaper than one that does not.
    spend(REFUSAL_FUEL);
    const parameters = [values.toGuest(name), values.toGuest(message)];
    const made = engine.call(tools.makeError, parameters);
    for (const value of parameters) engine.free(value);
    const error = made.ok ? made.value : made.error;
    const thrown = engine.throwing(error);
    engine.free(error);
    return thrown;
  };

  const perform = (name: string, argument: Uint8Array<ArrayBuffer>): Value => {
    const sync = find((capability) => capability.sync, name);
    if (sync !== undefined) {
      spend(Math.ceil(sync.price(argument)));
      const result = sync.call(argument);
      return result === null ? NOTHING : values.toGuest(result);
    }
    const async = find((capability) => capability.async, name);
    if (async === undefined) throw new OpError("TypeError", "there is no such host call");
    spend(Math.ceil(async.price(argument)));
    return engine.newNumber(calls.begin(name, async, argument));
  };

  const opName = (value: Value): string => {
    if (engine.typeOf(value) !== "string") throw new OpError("TypeError", "a host call begins with its name");
    const name = engine.string(value);
    spend(fuelForBytes(name.length));
    if (name.length > MAX_OP_NAME) throw new OpError("TypeError", "there is no such host call");
    return name;
  };

  return (argumentCount, argumentsAt) => {
    spend(HOST_CALL_FUEL);
    parts.checkTime();
    try {
      if (argumentCount < 1) throw new OpError("TypeError", "a host call begins with its name");
      const name = opName(engine.argument(argumentsAt, 0));
      const argument =
        argumentCount > 1 ? values.bytesFrom(engine.argument(argumentsAt, 1)) : new Uint8Array(0);
      if (argument === undefined)
        throw new OpError("TypeError", "a host call takes a string or an ArrayBuffer");
      return perform(name, argument);
    } catch (error) {
      if (error instanceof OpError) return throwing(error);
      throw error;
    }
  };
};
