import { tryFromUtf8 } from "../../lib/bytes.ts";
import { OpError, type SyncOp } from "../capability.ts";
import { readLine } from "../frame.ts";
import type { SecretPowers } from "./secret-powers.ts";

/** A random text, and the run's record of what it stands for. */
const CALL_UNITS = 40_000;
const UNITS_PER_BYTE = 4;
const MAX_USER_BYTES = 1_024;
/** Each is kept until the run is over. */
const MAX_USERS = 100;

/** RFC 7617: a colon would end the user; control characters are none of its. */
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const NO_USER = /[:\0-\x1f\x7f]/;

const wrong = (message: string): OpError => new OpError("TypeError", message);

const readUser = (bytes: Uint8Array): string => {
  const user = bytes.length > MAX_USER_BYTES ? undefined : tryFromUtf8(bytes);
  if (user === undefined) throw wrong(`basicAuth: a user has at most ${MAX_USER_BYTES} bytes in UTF-8.`);
  if (NO_USER.test(user)) throw wrong("basicAuth: a user holds no colon and no control characters.");
  return user;
};

/** `secret-basic`: a line with the secret's place, and the user behind it. */
export const createBasicAuth = (powers: SecretPowers): SyncOp => {
  const made = new Map<string, string>();
  return {
    price: (argument) => CALL_UNITS + argument.length * UNITS_PER_BYTE,
    call: (argument) => {
      const line = readLine(argument);
      const place = /^\d{1,6}$/.test(line?.json ?? "") ? Number(line?.json) : powers.count;
      if (line === undefined || place >= powers.count) throw wrong("There is no such secret.");
      const user = readUser(line.bytes);
      const key = `${place}\n${user}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      if (made.size >= MAX_USERS) {
        throw new OpError("QuotaExceededError", `basicAuth: a run has at most ${MAX_USERS} users.`);
      }
      const text = powers.basicAuth(place, user);
      made.set(key, text);
      return text;
    },
  };
};
