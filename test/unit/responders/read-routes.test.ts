import { describe, expect, it } from "vitest";
import { readRouted } from "../../../src/responders/routing/read-routes.ts";
import { routed } from "../../support/routed.ts";

describe("a line of a route table", () => {
  it("comes back as it was written", () => {
    const line = routed("/hook", ["POST"], { kv: false, keep: 0 });
    expect(readRouted(JSON.parse(JSON.stringify(line)))).toEqual(line);
  });

  it("has state and keeps 100 exchanges where it says nothing of either", () => {
    const { kv: _kv, keep: _keep, ...old } = routed("/hook");
    expect(readRouted(old)).toMatchObject({ kv: true, keep: 100 });
  });
});
