import { utf8 } from "./lib/bytes.ts";
import type { Config } from "./config.ts";
import type { Origins } from "./origins.ts";
import { createEgress, type Egress } from "./runtime/index.ts";

/**
 * What the hop header is signed by. Without keys it is random: then a chain of hooks that another isolate takes up counts
 * from 0 again, and only its time ends it.
 */
const hopSecretsOf = (
  { masterKeys, adminToken }: Config,
  randomBytes: (count: number) => Uint8Array<ArrayBuffer>,
): readonly Uint8Array<ArrayBuffer>[] => {
  if (masterKeys.length > 0) return masterKeys.map(({ bytes }) => bytes);
  return [adminToken === undefined ? randomBytes(32) : utf8(adminToken)];
};

/** The door out, as the settings have it. */
export const openEgress = (
  config: Config,
  origins: Pick<Origins, "ownPort">,
  powers: {
    readonly now: () => number;
    readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
  },
): Egress => {
  const { hooksHost, consoleHosts, pathStyle, allowedHosts: allowed, egressPorts: ports } = config;
  return createEgress({
    rules: () => ({ allowed, ports, own: { hooksHost, consoleHosts, pathStyle, port: origins.ownPort() } }),
    resolverUrl: config.egressResolver,
    hopSecrets: hopSecretsOf(config, powers.randomBytes),
    now: powers.now,
  });
};
