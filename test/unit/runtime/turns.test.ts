import { describe, expect, it } from "vitest";
import { createTurns } from "../../../src/runtime/capabilities/turns.ts";

const NEVER = new AbortController().signal;
const forever = (): Promise<string> => new Promise(() => undefined);

describe("who waits for a turn", () => {
  it("is let go when nobody wants it any more, with all that it holds, and takes nobody's turn", async () => {
    const takeTurn = createTurns(1);
    let finish: (text: string) => void = () => undefined;
    const first = takeTurn(() => new Promise<string>((resolve) => (finish = resolve)), NEVER);
    const controller = new AbortController();
    const began: string[] = [];
    const given = takeTurn(async () => {
      began.push("given up");
      return "given up";
    }, controller.signal);
    const last = takeTurn(async () => "last", NEVER);
    controller.abort();
    expect(await given).toBeUndefined();
    finish("first");
    expect([await first, await last, began]).toEqual(["first", "last", []]);
  });

  it("does not begin when it came too late", async () => {
    const takeTurn = createTurns(1);
    const gone = AbortSignal.abort();
    expect(await takeTurn(forever, gone)).toBeUndefined();
    expect(await takeTurn(async () => "free", NEVER)).toBe("free");
  });
});
