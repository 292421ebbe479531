import { parseAllowedHost } from "../../src/lib/hosts.ts";
import { parsePortRange } from "../../src/lib/ports.ts";
import { createEgress } from "../../src/runtime/egress.ts";
import type { Caller } from "../../src/runtime/egress/admit.ts";
import { readBody } from "../../src/runtime/egress/answer-body.ts";
import type { OwnHosts } from "../../src/runtime/egress/own-hosts.ts";
import type { EgressRules } from "../../src/runtime/egress/policy.ts";
import type { EgressRequest, Sent } from "../../src/runtime/egress/request.ts";
import type { Fetch } from "../../src/runtime/egress/send.ts";

/** The installation `hooks.example.com`, with `allow` as its EGRESS_ALLOW. */
export const testRules = (allow = "", own: Partial<OwnHosts> = {}): EgressRules => ({
  allowed: allow.split(",").flatMap((text) => parseAllowedHost(text) ?? []),
  ports: ["80", "443", "1024-65535"].flatMap((text) => parsePortRange(text) ?? []),
  own: {
    hooksHost: "hooks.example.com",
    consoleHosts: new Set(["hooks.example.com"]),
    pathStyle: true,
    port: 443,
    ...own,
  },
});

export const testEgress = (
  parts: { allow?: string; resolverUrl?: string; fetch?: Fetch; now?: () => number } = {},
) =>
  createEgress({
    rules: () => testRules(parts.allow),
    resolverUrl: parts.resolverUrl,
    hopSecrets: [new Uint8Array(32)],
    now: parts.now ?? (() => 0),
    ...(parts.fetch === undefined ? {} : { fetch: parts.fetch }),
  });

export const OUTSIDE: Caller = { hops: 0, reach: { kind: "public" } };

/** A script's GET, unless `more` says otherwise. */
export const egressRequest = (url: string, more: Partial<EgressRequest> = {}): EgressRequest => ({
  method: "GET",
  url,
  headers: { kind: "script", pairs: [] },
  body: null,
  redirect: "follow",
  encoded: false,
  times: { firstByteMs: 10_000, totalMs: 30_000 },
  mostBytes: 10 * 1024 * 1024,
  signal: null,
  secrets: null,
  ...more,
});

/** How it ended, its body read: the status and text, or the kind of failure with its code and message. */
export const endingOf = async (sent: Sent): Promise<Readonly<Record<string, unknown>>> => {
  const shown = (failure: Extract<Sent, { kind: "failed" }>["failure"]) => ({
    failure: failure.kind,
    ...(failure.kind === "refused" ? { code: failure.code } : {}),
    message: failure.message,
  });
  if (sent.kind === "failed") return shown(sent.failure);
  const { status, url, redirected, body } = sent.answer;
  const read = await readBody(body);
  return read.kind === "failed"
    ? { status, ...shown(read.failure) }
    : { status, url, redirected, text: new TextDecoder().decode(read.bytes) };
};
