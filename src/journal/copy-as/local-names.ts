/** Names under `localhost` that curl and browsers resolve by themselves, and Python leaves to a system that may not. */
const LOCAL = /^http:\/\/([\w.-]+\.localhost)(:\d+)?$/i;

export interface Reachable {
  readonly origin: string;
  /** What the `Host` header then has to say. */
  readonly host?: string;
}

/** The origin to connect to; `http` only, as a certificate is for the name. */
export const reachable = (origin: string): Reachable => {
  const [, name, port = ""] = LOCAL.exec(origin) ?? [];
  return name === undefined ? { origin } : { origin: `http://localhost${port}`, host: name + port };
};
