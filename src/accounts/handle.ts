/** 32 characters without the pairs that people mix up (l and 1, o and 0). */
const ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
const RANDOM_LENGTH = 12;

/** Names that mislead (is `login.hooks.example` ours?), or that a host may need for itself one day. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "about abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover billing " +
    "broadcasthost cdn cloudflare console contact dashboard dns docs email files ftp git healthz help hooks " +
    "hookwright hostmaster http https imap info internal invalid localdomain localhost local login logout mail " +
    "metrics mta noc noreply null oauth official operator ops pop pop3 postmaster private proxy public register " +
    "root secure security signin signup smtp ssl sso static stats status support system telemetry tls undefined " +
    "usenet uucp webmaster webmail wpad www"
  ).split(" "),
);

/** A handle is a DNS label without hyphens: what comes before the last hyphen of a host is a responder's label. */
export const isHandle = (text: string): boolean => /^[a-z][a-z0-9]{2,31}$/.test(text);

export const isReservedHandle = (handle: string): boolean =>
  RESERVED.has(handle) || /^(?:www|ns|mx|smtp|mail)\d+$/.test(handle);

/** `bytes` holds at least 12 random ones; 59 bits of them are used. */
export const randomHandle = (bytes: Uint8Array): string => {
  let handle = "";
  for (const [index, byte] of bytes.subarray(0, RANDOM_LENGTH).entries()) {
    // The first 16 characters are letters, and a handle starts with one.
    handle += ALPHABET.charAt(index === 0 ? byte % 16 : byte % 32);
  }
  return handle;
};
