import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyAs, type CopyForm, type Exchange } from "../../../src/journal/index.ts";
import { exchangeOf } from "../../support/exchanges.ts";
import { checkSent, isShown } from "./copy-as-check.ts";
import { CORPUS } from "./copy-as-corpus.ts";
import type { Sent } from "./copy-as-sent.ts";
import { sentBy } from "./copy-as-httpie-grammar.ts";
import { createRecorder, type Received, type Recorder } from "./copy-as-recorder.ts";
import {
  commandsOf,
  find,
  httpiePython,
  makePlace,
  type Place,
  runHttpie,
  runModules,
  runPython,
  runScripts,
  typeIntoBash,
} from "./copy-as-run.ts";

let place: Place;
let recorders: readonly Recorder[] = [];

beforeAll(async () => {
  place = makePlace();
  recorders = await Promise.all(CORPUS.map(createRecorder));
});

afterAll(async () => {
  await Promise.all(recorders.map(({ close }) => close()));
  place.remove();
});

const authorityOf = ({ host = "127.0.0.1" }: Sent, { port }: Recorder): string => `${host}:${port}`;

const exchangeOfSent = (sent: Sent, recorder: Recorder): Exchange => {
  const { method = "POST", target = "/hook", shown = target, headers = [], body = null } = sent;
  const exchange = exchangeOf({ method, headers, body });
  return {
    ...exchange,
    request: { ...exchange.request, url: `http://${authorityOf(sent, recorder)}${shown}` },
  };
};

const recorderOf = (index: number): Recorder => {
  const recorder = recorders[index];
  if (recorder === undefined) throw new Error("Every case has a recorder.");
  return recorder;
};

const textsOf = (form: CopyForm): readonly string[] =>
  CORPUS.map((sent, index) => copyAs(form, exchangeOfSent(sent, recorderOf(index)), { unredacted: true }));

interface Result {
  readonly text: string;
  readonly received: readonly Received[];
  readonly errors: string;
}

/** Runs the whole corpus once, then looks at each of its cases. */
const eachCase = (
  form: CopyForm,
  run: (texts: readonly string[]) => Promise<(index: number) => string>,
): void => {
  let results: readonly Result[] = [];
  beforeAll(async () => {
    const texts = textsOf(form);
    const errorsOf = await run(texts);
    results = texts.map((text, index) => ({
      text,
      received: recorderOf(index).take(),
      errors: errorsOf(index),
    }));
  }, 60_000);

  it.each(CORPUS.map(({ name }, index) => ({ name, index })))("$name", ({ index }) => {
    const sent = CORPUS[index];
    const result = results[index];
    if (sent === undefined || result === undefined) throw new Error("Every case has a result.");
    expect(result.errors).toBe("");
    expect(isShown(result.text)).toBe(true);
    checkSent(form, sent, result.text, authorityOf(sent, recorderOf(index)), result.received);
  });

  it("makes no file", () => {
    expect(readdirSync(place.empty)).toEqual([]);
  });
};

/** curl shows its progress on stderr too; an error names itself. */
const errorIn = (errors: string | undefined): string =>
  /^(curl|base64|sh|bash|zsh|\/).*|ended with.*/m.exec(errors ?? "not run")?.[0] ?? "";

const SHELLS: readonly (readonly [string, ...string[]])[] = [["sh"], ["bash"], ["zsh", "-f"]];

for (const shell of SHELLS) {
  describe.skipIf(find(shell[0]) === undefined || find("curl") === undefined)(
    `a copy for curl, run by ${shell[0]}`,
    () => {
      eachCase("curl", async (texts) => {
        const errors = await runScripts(shell, texts, place);
        return (index) => errorIn(errors[index]);
      });
    },
  );
}

describe.skipIf(find("bash") === undefined || find("curl") === undefined)(
  "a copy for curl, typed into bash",
  () => {
    it("expands no history", async () => {
      const typed = CORPUS.flatMap((sent, index) =>
        JSON.stringify([sent.method, sent.target, sent.headers, sent.body]).includes("!")
          ? [{ sent, index }]
          : [],
      );
      expect(typed.length).toBeGreaterThan(4);
      for (const { sent, index } of typed) {
        const recorder = recorderOf(index);
        const text = copyAs("curl", exchangeOfSent(sent, recorder), { unredacted: true });
        await typeIntoBash(text, place);
        checkSent("curl", sent, text, authorityOf(sent, recorder), recorder.take());
      }
    });
  },
);

describe("a copy for fetch, run by Node", () => {
  eachCase("fetch", async (texts) => {
    const errors = await runModules(
      texts.map((text) => (text.includes("Node may not find this name") ? "" : text)),
      place,
    );
    return () => errors;
  });
});

describe.skipIf(find("python3") === undefined)("a copy for Python", () => {
  eachCase("python", async (texts) => {
    const errors = await runPython(texts, place);
    return () => errors;
  });
});

const python = httpiePython();

describe.skipIf(python === undefined)("a copy for HTTPie", () => {
  eachCase("httpie", async (texts) => {
    const errors = await runHttpie(python ?? "", await commandsOf("sh", texts, place), place);
    return () => errors;
  });
});

describe.skipIf(find("sh") === undefined)("a copy for HTTPie, by its grammar alone", () => {
  it("is what was sent", async () => {
    const texts = textsOf("httpie");
    const commands = await commandsOf("sh", texts, place);
    for (const [index, sent] of CORPUS.entries()) {
      const command = commands[index];
      const received = command === undefined ? [] : [sentBy(command)];
      checkSent("httpie", sent, texts[index] ?? "", authorityOf(sent, recorderOf(index)), received);
    }
  });
});
