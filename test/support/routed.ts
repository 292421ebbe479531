import type { RoutedResponder } from "../../src/responders/routing/routes.ts";

/** A responder of a route table, named by its path unless `more` says otherwise. */
export const routed = (
  path: string,
  methods: readonly string[] = ["ANY"],
  more: Partial<RoutedResponder> = {},
): RoutedResponder => ({
  id: path,
  name: path,
  label: null,
  methods,
  path,
  enabled: true,
  response: { kind: "inline", response: { status: 200, headers: [], body: "" } },
  interpolate: false,
  upstream: null,
  secrets: null,
  program: null,
  kv: true,
  egress: { mode: "none", hosts: [] },
  keep: 100,
  notify: null,
  ...more,
});
