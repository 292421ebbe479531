import type { z } from "@hono/zod-openapi";
import type { FieldError } from "../lib/errors.ts";
import { ApiProblem } from "./problems.ts";

const MOST_ERRORS = 50;

type Issue = z.core.$ZodIssue;

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join(".");

const isMissing = (issue: Issue): boolean =>
  issue.code === "invalid_type" && issue.message.endsWith("received undefined");

/** How many names a value has too many or too few for one form of a union; infinite when it is of another type. */
const distance = (branch: readonly Issue[]): number => {
  let names = 0;
  for (const issue of branch) {
    if (issue.code === "unrecognized_keys") names += issue.keys.length;
    else if (isMissing(issue)) names += 1;
    else if (issue.path.length === 0) return Infinity;
  }
  return names;
};

/** Of the forms that a value may have, the one that was meant; `undefined` when it could be several, or none. */
const closest = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined => {
  const [first, second] = branches
    .map((branch) => ({ branch, far: distance(branch) }))
    .toSorted((left, right) => left.far - right.far);
  if (first === undefined || first.far === Infinity || first.far === second?.far) return undefined;
  return first.branch;
};

const messageOf = (issue: Issue): string => {
  if (isMissing(issue)) return "Required.";
  if (issue.message === "Invalid input") return "It has none of the forms that are taken here.";
  return issue.message.replace(/^Invalid input: e/, "E");
};

/** `unknown` is what is said of a name that the schema has not. */
const errorsOf = (issue: Issue, above: readonly PropertyKey[], unknown: string): readonly FieldError[] => {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: dotted([...path, key]), message: unknown }));
  }
  if (issue.code === "invalid_union") {
    const branch = closest(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => errorsOf(inner, path, unknown));
  }
  return [{ path: dotted(path), message: messageOf(issue) }];
};

/** What the schema makes of the value; a 422 that names every fault by its dotted path. */
export const validate = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  unknown = "Unknown field.",
): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const all = result.error.issues.flatMap((issue) => errorsOf(issue, [], unknown));
  // One fault for each field: the first is the one that the others follow from.
  const errors = [...new Map(all.toReversed().map((error) => [error.path, error])).values()].toReversed();
  const [first] = errors;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const detail = `${where}${first?.message ?? "Invalid."}${more}`;
  throw new ApiProblem("invalid", detail, { errors: errors.slice(0, MOST_ERRORS) });
};

/** Each parameter once: two of one name would leave it open which counts. */
export const validateQuery = <Schema extends z.ZodObject>(
  schema: Schema,
  query: URLSearchParams,
): z.output<Schema> => {
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    if (values.has(name)) {
      throw new ApiProblem("invalid", `${name}: given twice.`, {
        errors: [{ path: name, message: "Given twice." }],
      });
    }
    values.set(name, value);
  }
  const known = Object.keys(schema.shape);
  const advice = known.length === 0 ? "There are none here." : `There are: ${known.join(", ")}.`;
  return validate(schema, Object.fromEntries(values), `Unknown query parameter. ${advice}`);
};
