import type { Config } from "./config.ts";

export interface Origins {
  /** Told the URL of every request: the first one's port is where we are. Later ones may lie (`Host` is the sender's). */
  readonly arrive: (url: string) => void;
  /** Where this machine's own names lead to us; `null` before the first request. */
  readonly ownPort: () => number | null;
  /** Takes scheme and port from the URL by which the console is used: locally they are the launcher's choice. */
  readonly learn: (consoleUrl: string) => void;
  /** Where senders reach a path of a handle, host style. */
  readonly urlOf: (handle: string, label: string | null, path: string) => string;
}

const defaultPortOf = (protocol: string): number => (protocol === "https:" ? 443 : 80);

export const createOrigins = (config: Pick<Config, "hooksHost">): Origins => {
  let scheme = "https:";
  let port = "";
  let ownPort: number | null = null;
  return {
    arrive: (url) => {
      if (ownPort !== null) return;
      const { protocol, port: given } = new URL(url);
      ownPort = given === "" ? defaultPortOf(protocol) : Number(given);
    },
    ownPort: () => ownPort,
    learn: (consoleUrl) => {
      const used = new URL(consoleUrl);
      scheme = used.protocol;
      port = used.port === "" ? "" : `:${used.port}`;
    },
    urlOf: (handle, label, path) => {
      const name = label === null || label === "" ? handle : `${label}-${handle}`;
      return `${scheme}//${name}.${config.hooksHost}${port}${path}`;
    },
  };
};
