import { bytesOf } from "../body.ts";
import type { DefaultResponse } from "../routing/routes.ts";

/** What decides, in the mode `spy` and without a script: any default response but the empty 200 without headers is an answer. */
export const hasAnswer = ({ status, headers, body }: DefaultResponse): boolean =>
  status !== 200 || headers.length > 0 || bytesOf(body)?.length !== 0;
