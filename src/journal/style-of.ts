import type { ReplyContext } from "../responders/index.ts";
import type { Exchange } from "./exchange.ts";

/** Path style leaves its mark on answers; of its prefix, the path that was kept has nothing. */
export const styleOf = ({ url, path }: Exchange["request"]): ReplyContext["style"] => {
  const [, rest = ""] = url.split("://");
  const slash = rest.indexOf("/");
  const whole = slash < 0 ? "/" : rest.slice(slash).replace(/\?.*$/s, "");
  return whole === path ? "host" : "path";
};
