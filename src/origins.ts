import type { Config } from "./config.ts";

export interface Origins {
  /** Takes scheme and port from the URL by which the console is used: locally they are the launcher's choice. */
  readonly learn: (consoleUrl: string) => void;
  /** Where senders reach a path of a handle, host style. */
  readonly urlOf: (handle: string, label: string | null, path: string) => string;
}

export const createOrigins = (config: Pick<Config, "hooksHost">): Origins => {
  let scheme = "https:";
  let port = "";
  return {
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
