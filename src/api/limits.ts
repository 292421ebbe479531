import { z } from "@hono/zod-openapi";
import { ceilingOf, faultOfLimit, LIMIT_NAMES, type LimitName, type TierLimits } from "../accounts/index.ts";

const limitField = (name: LimitName) =>
  z
    .number()
    .superRefine((value, context) => {
      const message = faultOfLimit(name, value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .nullable()
    .optional()
    .openapi({ type: "integer", minimum: 1, maximum: ceilingOf(name) });

const namedFields = <Field extends z.ZodType>(field: (name: LimitName) => Field) => {
  const shape: { [Name in LimitName]?: Field } = {};
  for (const name of LIMIT_NAMES) shape[name] = field(name);
  return shape;
};

const isWhole = <Field>(shape: { [Name in LimitName]?: Field }): shape is Record<LimitName, Field> =>
  LIMIT_NAMES.every((name) => shape[name] !== undefined);

const whole = <Field extends z.ZodType>(field: (name: LimitName) => Field): Record<LimitName, Field> => {
  const shape = namedFields(field);
  if (!isWhole(shape)) throw new Error("LIMIT_NAMES lacks a limit.");
  return shape;
};

/** An operator's change: merged field by field, a `null` gives one back to the tier, `null` for all gives all. */
export const LimitsPatch = z.strictObject(whole(limitField)).openapi("LimitsPatch", {
  example: { cpuMs: 2_000, responders: null },
});

/** Every number that a plan limits, with what an operator changed. */
export const LimitsShown = z
  .object(whole(() => z.int().nullable()))
  .openapi("Limits", { description: "Sizes in bytes, times in milliseconds; `null` is no limit." });

export const showLimits = (limits: TierLimits): Record<LimitName, number | null> => ({ ...limits });
