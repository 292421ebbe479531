import type { FieldError } from "../../lib/errors.ts";
import { parseHostPattern } from "../../runtime/index.ts";
import type { EgressGranted } from "../egress/granted.ts";
import { DEFAULTS } from "./definition.ts";
import type { EgressInput } from "./input.ts";

const MOST_HOSTS = 100;

export const checkEgress = (given: EgressInput | null | undefined, faults: FieldError[]): EgressGranted => {
  if (given === null || given === undefined) return DEFAULTS.egress;
  const { mode, hosts = [] } = given;
  if (mode !== "hosts") {
    if (hosts.length > 0) {
      faults.push({ path: "egress.hosts", message: 'Hosts go with `"mode": "hosts"` only.' });
    }
    return { mode, hosts: [] };
  }
  if (hosts.length === 0 || hosts.length > MOST_HOSTS) {
    const message = `Say which: \`hosts\` goes with 1 to ${MOST_HOSTS} of them.`;
    faults.push({ path: "egress.hosts", message });
  }
  for (const [index, host] of hosts.entries()) {
    if (parseHostPattern(host) !== undefined) continue;
    const message =
      "Give `host`, `host:port` or `*.domain`: without scheme, path and user part. Without a port it is that of the scheme.";
    faults.push({ path: `egress.hosts.${index}`, message });
  }
  return { mode, hosts: [...new Set(hosts)] };
};
