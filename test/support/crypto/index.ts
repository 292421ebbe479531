import { agreement } from "./agreement.suite.ts";
import { cipherKeys } from "./cipher-keys.suite.ts";
import { ciphers } from "./ciphers.suite.ts";
import { derivation } from "./derivation.suite.ts";
import { hashes } from "./hashes.suite.ts";
import { jwks } from "./jwk.suite.ts";
import { keys } from "./keys.suite.ts";
import { rsaSuite } from "./rsa.suite.ts";
import type { Script } from "./script.ts";
import { signatures } from "./signatures.suite.ts";

export { HELP } from "./script.ts";

/** `crypto.subtle` as the standard has it, whatever host is behind it. */
export const cryptoSuites = (script: Script): void => {
  for (const suite of [hashes, ciphers, cipherKeys, derivation, agreement, signatures, rsaSuite, keys, jwks])
    suite(script);
};
