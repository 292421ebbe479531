import { z } from "@hono/zod-openapi";

/** Schemas that several resources share. */
export const NameField = z
  .string()
  .min(1)
  .max(100)
  // eslint-disable-next-line no-control-regex -- what makes a name unreadable in lists and logs
  .regex(/^[^\u0000-\u001f\u007f]*$/, "A name has no control characters.")
  .refine((name) => name.trim() !== "", "A name is more than white space.");

/** RFC 3339 with milliseconds, in UTC, as every time is shown. */
export const TimeShown = z.string().openapi({ format: "date-time", example: "2026-11-05T09:30:00.000Z" });

/** Any RFC 3339 time, as ms since the epoch. */
export const TimeGiven = z.iso
  .datetime({ offset: true, error: "A time of RFC 3339, like 2026-11-05T09:30:00Z." })
  .transform((text) => Date.parse(text))
  .openapi({ type: "string", format: "date-time" });

export const EtagShown = z.string().openapi({ description: "Of this version; goes into `If-Match`." });

export const shownTime = (ms: number): string => new Date(ms).toISOString();
export const shownTimeOrNull = (ms: number | null): string | null => (ms === null ? null : shownTime(ms));
