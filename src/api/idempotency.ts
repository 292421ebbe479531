import { ApiProblem, type ResponseHeader } from "./problems.ts";

/** Longer answers are not kept: only `test` and `run` make them, and a repeat of those changes nothing. */
const MAX_KEPT_CHARACTERS = 5_000_000;

export interface Answer {
  readonly status: number;
  readonly headers: readonly ResponseHeader[];
  /** JSON; `null` is no body. */
  readonly body: string | null;
  /** The body without what is shown only once; absent, it is kept as it is. */
  readonly kept?: string | null;
}

export interface AnswerName {
  readonly accountId: string;
  readonly keyId: string;
  /** Method and path. */
  readonly route: string;
  readonly idempotencyKey: string;
}

interface KeptAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Where answers wait 24 hours for a repeat: storage/answers.ts. */
export interface AnswerStore {
  readonly claim: (
    name: AnswerName,
    requestHash: string,
    now: number,
  ) => Promise<
    | { readonly kind: "claimed" | "in-progress" | "other-request" }
    | { readonly kind: "answered"; readonly answer: KeptAnswer }
  >;
  readonly finish: (name: AnswerName, answer: KeptAnswer) => Promise<void>;
  readonly release: (name: AnswerName) => Promise<void>;
}

/** The `Idempotency-Key` of a request; `undefined` without one. */
export const idempotencyKeyOf = (request: Request): string | undefined => {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const message = "1 to 255 visible ASCII characters, such as a UUID.";
  throw new ApiProblem("invalid", `Idempotency-Key: ${message}`, {
    errors: [{ path: "Idempotency-Key", message }],
  });
};

const isPair = (value: unknown): value is ResponseHeader =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string");

const replay = (answer: KeptAnswer): Answer => {
  const headers: unknown = JSON.parse(answer.headers);
  return {
    status: answer.status,
    headers: [...(Array.isArray(headers) ? headers.filter(isPair) : []), ["idempotency-replayed", "true"]],
    body: answer.body === "" ? null : answer.body,
  };
};

/** An answer worth repeating: the call was carried out or refused for good. Others (429, 5xx) leave the key free. */
const isFinal = (answer: Answer, body: string): boolean =>
  answer.status < 500 && answer.status !== 429 && body.length <= MAX_KEPT_CHARACTERS;

const keep = async (store: AnswerStore, name: AnswerName, answer: Answer): Promise<void> => {
  const body = (answer.kept === undefined ? answer.body : answer.kept) ?? "";
  if (!isFinal(answer, body)) return store.release(name);
  return store.finish(name, { status: answer.status, headers: JSON.stringify(answer.headers), body });
};

const carryOut = async (
  store: AnswerStore,
  name: AnswerName,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    await store.release(name);
    throw error;
  }
  // The work is done, whatever becomes of its record: without one a repeat is told "in progress", never done twice.
  await keep(store, name, answer).catch(() => undefined);
  return answer;
};

/** Runs `work` once for each name; the same request again gets the same answer. */
export const once = async (
  store: AnswerStore,
  name: AnswerName,
  requestHash: string,
  now: number,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  const claim = await store.claim(name, requestHash, now);
  switch (claim.kind) {
    case "answered":
      return replay(claim.answer);
    case "other-request":
      throw new ApiProblem(
        "idempotency-mismatch",
        "This Idempotency-Key came with another body before. Use a new key for a new request.",
        { errors: [{ path: "Idempotency-Key", message: "Used for another body." }] },
      );
    case "in-progress":
      throw new ApiProblem("in-progress", "The first request with this Idempotency-Key is still at work.", {
        headers: [["retry-after", "1"]],
      });
    case "claimed":
      return carryOut(store, name, work);
  }
};
