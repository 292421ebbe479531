import { base64url, sha256Hex } from "../../lib/bytes.ts";

/** An API key as its holder has it: `hw_live_` (or `hw_dev_`, of the local set-up) and 32 random bytes. */
export const SECRET_PATTERN = /^hw_(?:live|dev)_[A-Za-z0-9_-]{43}$/;
const SHOWN_LENGTH = "hw_live_".length + 4;

/** `bytes` are 32 random ones. */
export const formatSecret = (bytes: Uint8Array): string => `hw_live_${base64url(bytes)}`;

/** What a list may show of a key: too little to guess the rest of, enough to know it by. */
export const shownPrefix = (secret: string): string => secret.slice(0, SHOWN_LENGTH);

/** 256 random bits need no salt and no slow hash: there is no dictionary to try. */
export const hashSecret = (secret: string): Promise<string> => sha256Hex(secret);
