import { HEAP_FROM, STACK_TOP, STACK_USED_BYTES, STATIC_END, wholeBlocks } from "./engine-layout.ts";
import type { Value } from "./engine.ts";
import { installTools } from "./guest-tools.ts";
import { type BaseImage, imageBytes, type PreludeAnchors } from "./image.ts";
import type { Machine } from "./machine.ts";
import type { Prelude } from "./run.ts";
import { inSetUp } from "./set-up.ts";
import { describeThrown } from "./thrown.ts";

/** One image for each prelude, made when a run first asks for it: there is no randomness and no time at a Worker's start. */
export interface BaseImages {
  readonly of: (machine: Machine, prelude: Prelude) => BaseImage;
  readonly byteLength: () => number;
}

/** The product has four preludes; more are a test's, and the one unused for longest goes. */
const MAX_IMAGES = 8;

/** The machine's memory as it stands, without the C stack. */
const snapshot = (machine: Machine, anchors: PreludeAnchors): BaseImage => {
  const memory = new Uint8Array(machine.memory.buffer);
  memory.fill(0, STACK_TOP - STACK_USED_BYTES, STACK_TOP);
  const heapTop = machine.engine.heapTop();
  return {
    statics: memory.slice(0, STATIC_END),
    heap: memory.slice(HEAP_FROM, wholeBlocks(heapTop)),
    heapTop,
    anchors,
  };
};

/** A context and the host's tools in it: the part that all preludes share, made in the memory of the first instance. */
const makeRoot = (machine: Machine): BaseImage => {
  const { engine } = machine;
  const anchors = engine.makeContext();
  const tools = installTools(engine);
  return snapshot(machine, { ...anchors, tools, start: engine.undefined, settle: engine.undefined });
};

const makeBase = (machine: Machine, root: BaseImage, prelude: Prelude): BaseImage =>
  inSetUp(machine, { image: { base: root, script: undefined } }, () => {
    const { engine } = machine;
    const evaluate = (source: string): Value => {
      const loaded = engine.evaluate(source, prelude.name, "script");
      if (loaded.ok) return loaded.value;
      const { name, message } = describeThrown(engine, root.anchors.tools, loaded.error);
      throw new Error(`the prelude ${prelude.name} failed: ${name}: ${message}`);
    };
    for (const source of prelude.ahead ?? []) engine.free(evaluate(source));
    const loaded = evaluate(prelude.source);
    const start = engine.property(loaded, "start");
    const settle = engine.property(loaded, "settle");
    return snapshot(machine, { ...root.anchors, start, settle });
  });

export const createBaseImages = (): BaseImages => {
  const images = new Map<string, BaseImage>();
  let root: BaseImage | undefined;
  return {
    of: (machine, prelude) => {
      root ??= makeRoot(machine);
      machine.engine.adopt(root.anchors);
      const found = images.get(prelude.source);
      if (found !== undefined) return found;
      const made = makeBase(machine, root, prelude);
      const [oldest] = images.keys();
      if (images.size >= MAX_IMAGES && oldest !== undefined) images.delete(oldest);
      images.set(prelude.source, made);
      return made;
    },
    byteLength: () =>
      [...images.values(), ...(root === undefined ? [] : [root])].reduce(
        (sum, image) => sum + imageBytes(image),
        0,
      ),
  };
};
