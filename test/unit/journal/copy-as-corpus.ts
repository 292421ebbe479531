import { utf8 } from "../../../src/lib/bytes.ts";
import { BODY_CASES } from "./copy-as-sent-bodies.ts";
import { HEADER_CASES } from "./copy-as-sent-headers.ts";
import { TARGET_CASES } from "./copy-as-sent-targets.ts";
import type { Sent } from "./copy-as-sent.ts";

const methodCases: readonly Sent[] = [
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"].map((method) => ({
    name: `${method} without a body`,
    method,
  })),
  ...["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"].map((method) => ({
    name: `${method} with a body`,
    method,
    body: "it's",
  })),
  ...["GET", "HEAD"].map((method) => ({
    name: `${method} with a body`,
    method,
    body: utf8("a\0b"),
    limits: { fetch: /Incomplete: fetch sends no body with (GET|HEAD)\./ },
  })),
  ...["M-SEARCH", "-X", "--data", "$HOME", "`id`", "x'y", "!!", "patch", "%s"].map((method) => ({
    name: `the method ${method}`,
    method,
    limits: { httpie: /HTTPie cannot send the method/ },
    refused: ["httpie" as const],
  })),
  {
    name: "a method in small letters",
    method: "post",
    limits: { httpie: /HTTPie cannot send the method post/, fetch: /fetch sends this method in capitals/ },
    refused: ["httpie"],
  },
  {
    name: "TRACE",
    method: "TRACE",
    limits: { fetch: /fetch cannot send the method TRACE/ },
    refused: ["fetch"],
  },
];

export const CORPUS: readonly Sent[] = [
  ...methodCases,
  ...TARGET_CASES,
  ...HEADER_CASES,
  ...BODY_CASES,
  {
    name: "a name under localhost",
    host: "demo.localhost",
    body: "x",
    target: "/a?b=c",
    limits: { fetch: /Node may not find this name/ },
    refused: ["fetch"],
  },
];
