import type { KeptUpstream } from "../../src/journal/index.ts";
import type { Forwarding, ForwardReport, Legs } from "../../src/responders/index.ts";
import { utf8 } from "../../src/lib/bytes.ts";

export const legsOf = (more: Partial<Legs> = {}): Legs => ({
  request: {
    method: "POST",
    url: "https://api.example.com/hook?a=1",
    headers: [["x-leg", "1"]],
    body: "same",
  },
  response: { status: 201, headers: [["x-came", "2"]], body: "same" },
  attempts: [{ at: 1_001, status: 201, error: null, durationMs: 4 }],
  durationMs: 5,
  error: null,
  unfinished: false,
  ...more,
});

/** Forwarded, and over. */
export const forwardingOf = (
  more: Partial<ForwardReport> = {},
  end: Promise<unknown> = Promise.resolve(),
): Forwarding => ({
  report: () => ({
    outcome: { kind: "forwarded" },
    legs: legsOf(),
    received: { bytes: utf8("a body"), size: 6, whole: true },
    sent: { bytes: utf8("an answer of 22 bytes"), size: 21, whole: true },
    ...more,
  }),
  end,
});

/** …as the journal keeps it. */
export const keptUpstream = (more: Partial<KeptUpstream> = {}): KeptUpstream => {
  const { request, response, ...rest } = legsOf();
  return {
    ...rest,
    request: { ...request, body: "same" },
    response: response && { ...response, body: "same" },
    ...more,
  };
};
