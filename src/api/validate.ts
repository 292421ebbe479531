import type { z } from "@hono/zod-openapi";
import type { FieldError } from "../lib/errors.ts";
import { ApiProblem } from "./problems.ts";

const MOST_ERRORS = 50;

type Issue = z.core.$ZodIssue;

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join(".");

/** Of the forms that a value may have, the one that it came closest to: whose faults lie deepest. */
const closest = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined => {
  const depth = (branch: readonly Issue[]): number => Math.max(...branch.map((issue) => issue.path.length));
  const deepest = branches.toSorted((left, right) => depth(right) - depth(left))[0];
  return deepest !== undefined && depth(deepest) > 0 ? deepest : undefined;
};

const messageOf = (issue: Issue): string => {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "Required.";
  return issue.message.replace(/^Invalid input: e/, "E");
};

const errorsOf = (issue: Issue, above: readonly PropertyKey[]): readonly FieldError[] => {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: dotted([...path, key]), message: "Unknown field." }));
  }
  if (issue.code === "invalid_union") {
    const branch = closest(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => errorsOf(inner, path));
  }
  return [{ path: dotted(path), message: messageOf(issue) }];
};

/** What the schema makes of the value; a 422 that names every fault by its dotted path. */
export const validate = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const all = result.error.issues.flatMap((issue) => errorsOf(issue, []));
  // One fault for each field: the first is the one that the others follow from.
  const errors = [...new Map(all.toReversed().map((error) => [error.path, error])).values()]
    .toReversed()
    .slice(0, MOST_ERRORS);
  const [first] = errors;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  throw new ApiProblem("invalid", `${where}${first?.message ?? "Invalid."}`, { errors });
};

/** Each parameter once: two of one name would leave it open which counts. */
export const validateQuery = <Schema extends z.ZodType>(
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
  return validate(schema, Object.fromEntries(values));
};
