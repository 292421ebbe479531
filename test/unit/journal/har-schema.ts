/**
 * What HAR 1.2 and its published schema ask of a log, said anew: which fields there must be and may be, and of what
 * kind. A field that it does not name begins with `_`.
 */
type Check = (value: unknown, path: string) => readonly string[];

const fail = (path: string, what: string): readonly string[] => [`${path}: ${what}`];

const matching =
  (what: string, isRight: (value: unknown) => boolean): Check =>
  (value, path) =>
    isRight(value) ? [] : fail(path, `is no ${what}`);

const text = matching("string", (value) => typeof value === "string");
const flag = matching("boolean", (value) => typeof value === "boolean");
const whole = matching("integer of at least -1", (value) => Number.isInteger(value) && Number(value) >= -1);
const duration = matching("time of at least 0", (value) => typeof value === "number" && value >= 0);
const unknownDuration = matching("time of at least -1", (value) => typeof value === "number" && value >= -1);

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/;
const dateTime = matching(
  "date and time with milliseconds",
  (value) => typeof value === "string" && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)),
);

/** RFC 3986, appendix A, for http and https. */
const URI =
  /^https?:\/\/([\w.~!$&'()*+,;=%-]+|\[[\dA-Fa-f:.]+\])(:\d*)?(\/([\w.~!$&'()*+,;=:@/-]|%[\dA-Fa-f]{2})*)?(\?([\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?(#([\w.~!$&'()*+,;=:@/?-]|%[\dA-Fa-f]{2})*)?$/;
const uri = matching("URI", (value) => typeof value === "string" && URI.test(value));

const listOf =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((each: unknown, index) => check(each, `${path}/${index}`))
      : fail(path, "is no list");

const objectOf =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return fail(path, "is no object");
    const fields = new Map(Object.entries(value));
    const missing = Object.keys(required).filter((name) => !fields.has(name));
    return [
      ...missing.flatMap((name) => fail(`${path}/${name}`, "is missing")),
      ...[...fields].flatMap(([name, each]) => {
        const check = required[name] ?? optional[name] ?? (name === "comment" ? text : undefined);
        if (check !== undefined) return check(each, `${path}/${name}`);
        return name.startsWith("_") ? [] : fail(`${path}/${name}`, "is unknown");
      }),
    ];
  };

const named = objectOf({ name: text, value: text });
const cookie = objectOf(
  { name: text, value: text },
  { path: text, domain: text, expires: dateTime, httpOnly: flag, secure: flag },
);

const request = objectOf(
  {
    method: text,
    url: uri,
    httpVersion: text,
    cookies: listOf(cookie),
    headers: listOf(named),
    queryString: listOf(named),
    headersSize: whole,
    bodySize: whole,
  },
  // `encoding` is HAR's for answers; for requests it is a custom that the schema lets pass.
  { postData: objectOf({ mimeType: text }, { text, encoding: text, params: listOf(named) }) },
);

const response = objectOf({
  status: whole,
  statusText: text,
  httpVersion: text,
  cookies: listOf(cookie),
  headers: listOf(named),
  content: objectOf({ size: whole, mimeType: text }, { compression: whole, text, encoding: text }),
  redirectURL: text,
  headersSize: whole,
  bodySize: whole,
});

const timings = objectOf(
  { send: duration, wait: duration, receive: duration },
  { blocked: unknownDuration, dns: unknownDuration, connect: unknownDuration, ssl: unknownDuration },
);

const entry = objectOf(
  { startedDateTime: dateTime, time: duration, request, response, cache: objectOf({}), timings },
  { pageref: text, serverIPAddress: text, connection: text },
);

const log = objectOf(
  { version: text, creator: objectOf({ name: text, version: text }), entries: listOf(entry) },
  { browser: objectOf({ name: text, version: text }), pages: listOf(objectOf({})) },
);

/** Nothing, for a valid one. */
export const harFaults = (har: unknown): readonly string[] => objectOf({ log })(har, "");
