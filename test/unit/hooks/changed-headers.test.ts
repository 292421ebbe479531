import { describe, expect, it } from "vitest";
import {
  changeHeaders,
  headerChanges,
  withoutFraming,
} from "../../../src/responders/hooks/changed-headers.ts";
import type { HeaderPairs } from "../../../src/lib/headers.ts";

const SHOWN: HeaderPairs = [
  ["accept", "a, b"],
  ["set-cookie", "a=1"],
  ["set-cookie", "b=2"],
  ["x-latin", "\ufffd"],
];

describe("what a script has done to headers", () => {
  it("is nothing where it gives back what it was shown, in whatever order", () => {
    expect(
      headerChanges(
        SHOWN,
        SHOWN.toReversed().toSorted(([one], [two]) => (one < two ? -1 : 1)),
      ),
    ).toEqual({
      removed: [],
      set: [
        ["set-cookie", "b=2"],
        ["set-cookie", "a=1"],
      ],
    });
    expect(headerChanges(SHOWN, SHOWN)).toEqual({ removed: [], set: [] });
  });

  it("leaves what it has not changed as the platform has it", () => {
    const headers = new Headers([
      ["accept", "a"],
      ["accept", "b"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["x-latin", "\u00e9"],
    ]);
    const given: HeaderPairs = [
      ["accept", "a, b"],
      ["set-cookie", "a=1"],
      ["x-latin", "\ufffd"],
      ["x-new", "1"],
    ];
    changeHeaders(headers, headerChanges(SHOWN, given));
    expect([...headers]).toEqual([
      ["accept", "a, b"],
      ["set-cookie", "a=1"],
      ["x-latin", "\u00e9"],
      ["x-new", "1"],
    ]);
  });

  it("is not the framing of a body that goes on as it came", () => {
    const changes = headerChanges(
      [["content-length", "3"]],
      [
        ["content-encoding", "gzip"],
        ["transfer-encoding", "chunked"],
        ["x-a", "1"],
      ],
    );
    expect(withoutFraming(changes)).toEqual({ removed: [], set: [["x-a", "1"]] });
  });
});
