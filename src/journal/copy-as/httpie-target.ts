/** Escapes that Python's requests decodes: of letters, digits, `-` `.` `_` `~`. */
const NEEDLESS = /%(?:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/;

/** What urllib3 passes as it is. Anything else it encodes; small digits of an escape it makes large. */
const PATH = /^\/(?!\/)(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*$/;
const QUERY = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+$/;

const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;

export interface HttpieTarget {
  /** Whether the very bytes arrive. */
  readonly exact: boolean;
  /** Whether that takes `--path-as-is`. */
  readonly asIs: boolean;
}

/** What HTTPie makes of a path and query. */
export const httpieTarget = (target: string): HttpieTarget => {
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  const query = at < 0 ? undefined : target.slice(at + 1);
  return {
    exact: PATH.test(path) && (query === undefined || (QUERY.test(query) && !NEEDLESS.test(query))),
    asIs: DOT_SEGMENT.test(path) || NEEDLESS.test(path),
  };
};
