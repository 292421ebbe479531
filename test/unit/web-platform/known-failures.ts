const NO_STREAMS =
  "There are no streams: the body of a hit stays on the host until it is asked for, and then comes whole.";

/** Cases that fail, by file and name, and why. One that begins to pass fails the suite until it is taken out. */
export const KNOWN_FAILURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  blob: { "stream gives the bytes": NO_STREAMS },
  headers: {
    "get throws a TypeError when it is given just ()":
      "Counting its arguments would cost every read of a header a quarter more; it is given null.",
  },
  response: { "body is a ReadableStream": NO_STREAMS },
  "structured-clone": {
    "refuses a Proxy": "No code can tell a Proxy from what it stands for: its target is cloned through it.",
  },
};
