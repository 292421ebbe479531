import type { CopyForm } from "../../../src/journal/index.ts";
import { inForms, type Sent } from "./copy-as-sent.ts";

const rewritten = (forms: readonly CopyForm[]): Partial<Record<CopyForm, RegExp>> =>
  inForms(forms, /rewrites this URL/);

const targets: readonly (Omit<Sent, "name"> & { readonly target: string })[] = [
  { target: "/" },
  { target: "/a/b.c-d_e~f" },
  { target: "/@user/:id;v=1/a=b&c,d+e" },
  { target: "/'quoted'/!history/$(id>PWNED)/$HOME", limits: rewritten(["httpie", "fetch"]) },
  { target: "/(a)*!" },
  { target: "/-x" },
  { target: "/%2D%41" },
  { target: "/%E2%82%AC/%00%0A%7F" },
  { target: "/%7e%c3%a9", limits: rewritten(["httpie"]) },
  { target: "/a{b,c}[1-3]", limits: rewritten(["httpie", "fetch"]) },
  { target: "/`id`", limits: rewritten(["httpie", "fetch"]) },
  { target: "/a|b^c", limits: rewritten(["httpie", "fetch"]) },
  { target: '/"<x>"', limits: rewritten(["httpie", "fetch"]) },
  { target: "/a\\b", limits: rewritten(["httpie", "fetch"]) },
  { target: "/a/../b/./c", limits: rewritten(["fetch"]) },
  { target: "/..", limits: rewritten(["fetch"]) },
  { target: "/%2e%2e/x", limits: rewritten(["httpie", "fetch"]) },
  { target: "/%2E%2E/x", limits: rewritten(["fetch"]) },
  { target: "//double//slash/", limits: rewritten(["httpie"]) },
  { target: "/100%", limits: rewritten(["httpie"]) },
  { target: "/%zz?x=%", limits: rewritten(["httpie"]) },
  { target: "/p?", limits: rewritten(["httpie", "fetch"]) },
  { target: "/p??a=b?/&&c==d&=" },
  { target: "/p?a[]=1&b={x}", limits: rewritten(["httpie"]) },
  { target: "/p?it's=$(touch%20PWNED)&x=`id`", limits: rewritten(["httpie", "fetch"]) },
  { target: "/p?q=%41", limits: rewritten(["httpie"]) },
  { target: "/p?q=%2F%3F%25" },
  { target: "/p?@/etc/passwd" },
  { target: "/p?q=http://[::1]/", limits: rewritten(["httpie"]) },
  { target: `/long/${"x".repeat(8000)}?${"y=z&".repeat(2000)}end` },
  { target: "/%E6%BC%A2%20%E2%80%AE", shown: "/漢 \u202e" },
  { target: "/a%23b", shown: "/a#b" },
];

export const TARGET_CASES: readonly Sent[] = targets.map(({ target, shown = target, limits = {} }) => ({
  name: `the target ${target.slice(0, 40)}`,
  method: "GET",
  target,
  shown,
  limits,
}));
