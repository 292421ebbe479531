import { cut, inspect, TEXT } from "./inspect.guest.ts";

/** Strings as they are; everything else inspected. */
const plain = (value: unknown): string => (typeof value === "string" ? cut(value, 3 * TEXT) : inspect(value));

const number = (value: unknown): string =>
  typeof value === "symbol" ? "NaN" : typeof value === "bigint" ? `${value}n` : String(Number(value));

const substitute = (mark: string, value: unknown): string => {
  switch (mark) {
    case "s":
      return plain(value);
    case "d":
      return number(value);
    case "i":
      return typeof value === "symbol" ? "NaN" : String(Number.parseInt(String(value), 10));
    case "f":
      return typeof value === "symbol" ? "NaN" : String(Number.parseFloat(String(value)));
    case "c":
      return "";
    default:
      return inspect(value);
  }
};

/** `console.log("%s of %d", …)` and the plain form (Console, "Formatter"). */
export const format = (values: readonly unknown[]): string => {
  const [first, ...rest] = values;
  let next = 0;
  const head =
    typeof first === "string" && rest.length > 0
      ? first.replace(/%[sdifoOjc%]/g, (found) => {
          if (found === "%%") return "%";
          if (next >= rest.length) return found;
          next += 1;
          return substitute(found.charAt(1), rest[next - 1]);
        })
      : plain(first);
  return values.length === 0 ? "" : [head, ...rest.slice(next).map(plain)].join(" ");
};
