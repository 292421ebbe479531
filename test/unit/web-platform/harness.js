// What every file of cases finds: it runs inside the sandbox, in front of one of them.
const tests = [];
const test = (name, run) => tests.push({ name, run });

const show = (value) => {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `[${Array.from(value, show).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return `${value[Symbol.toStringTag]}(${Array.from(value)})`;
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${show(item)}`)
      .join(", ")} }`;
  return String(value);
};

const fail = (message) => {
  throw new Error(message);
};
const equal = (actual, expected, what = "") => {
  if (show(actual) !== show(expected))
    fail(`${what === "" ? "" : `${what}: `}${show(actual)} is not ${show(expected)}`);
};
const truthy = (value, what = "") => value || fail(`${what}: ${show(value)}`);
const identical = (actual, expected) =>
  Object.is(actual, expected) || fail(`${show(actual)} is not the same as ${show(expected)}`);

/** `wanted` is an error's name, or the very value. */
const isWanted = (thrown, wanted) =>
  Object.is(thrown, wanted) || (typeof wanted === "string" && thrown?.name === wanted);
const throws = (wanted, run) => {
  let thrown;
  try {
    run();
  } catch (error) {
    thrown = { error };
  }
  if (thrown === undefined) fail(`nothing was thrown, not ${show(wanted)}`);
  if (!isWanted(thrown.error, wanted)) fail(`${show(thrown.error)} was thrown, not ${show(wanted)}`);
  return thrown.error;
};
const rejects = async (wanted, run) => {
  const promise = run();
  if (!(promise instanceof Promise)) fail("no promise was returned");
  const thrown = await promise.then(
    () => undefined,
    (error) => ({ error }),
  );
  if (thrown === undefined) fail(`the promise was kept, not broken by ${show(wanted)}`);
  if (!isWanted(thrown.error, wanted)) fail(`${show(thrown.error)} is the reason, not ${show(wanted)}`);
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const bytesOf = (text) => Array.from(new TextEncoder().encode(text));

export default async () => {
  const results = [];
  for (const { name, run } of tests) {
    try {
      await run();
      results.push({ name, error: null });
    } catch (error) {
      results.push({ name, error: show(error) });
    }
  }
  return { body: results };
};
