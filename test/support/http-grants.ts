import { openRunEgress } from "../../src/responders/egress/powers.ts";
import { type Capability, type EgressDeps, http, type HttpLimits } from "../../src/runtime/index.ts";
import { type GrantedSecret, maskOf, type Placeholders } from "../../src/secrets/index.ts";
import { OUTSIDE, testEgress } from "./egress.ts";

export interface HttpGrantOptions {
  readonly fetch: NonNullable<EgressDeps["fetch"]>;
  readonly secrets: readonly GrantedSecret[];
  readonly placeholders: Placeholders;
  readonly limits: HttpLimits;
  readonly inputs?: readonly Uint8Array<ArrayBuffer>[];
}

/** Requests as a hit's run is granted them, to servers of the test's. */
export const httpGrant = ({
  fetch,
  secrets,
  placeholders,
  limits,
  inputs = [],
}: HttpGrantOptions): Capability => {
  const { powers } = openRunEgress(
    {
      now: Date.now,
      openOutlet: testEgress({ fetch }).open,
      fillPolicy: { allowsPlainHttp: () => false },
      touchSecrets: () => undefined,
    },
    {
      accountId: "acc_test",
      caller: OUTSIDE,
      granted: {
        grants: { kind: "granted", secrets, mask: maskOf(secrets) },
        reveal: false,
        placeholders,
        redact: null,
      },
    },
  );
  return http(powers, limits, inputs);
};
