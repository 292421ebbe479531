import { array, assert, asyncProperty, constantFrom, dictionary, record, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { INPUT, scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));
const js = scriptEvaluator(run);

const NAMES = ["accept", "set-cookie", "x-a", "x-b", "__proto__", "constructor"];
/** What headers can hold, and what params can. */
const latin1 = string({ unit: constantFrom(...Array.from("az09 ,;=\"'\\{}[]\u00e9\u00ff")), maxLength: 30 });
const anyText = string({ unit: "binary", maxLength: 20 });

describe("a hit as it crosses", () => {
  it("comes to the script as it was", async () => {
    const hits = record({
      headers: array(tuple(constantFrom(...NAMES), latin1), { maxLength: 12 }),
      params: dictionary(anyText, anyText, { maxKeys: 5, noNullPrototype: true }),
      name: anyText,
    });
    await assert(
      asyncProperty(hits, async ({ headers, params, name }) => {
        const seen = await js(
          `return { params: ctx.params, name: ctx.responder.name, url: request.url, path: ctx.path, method: request.method,
            got: ${JSON.stringify(NAMES)}.map((each) => request.headers.get(each)), count: [...request.headers.keys()].length }`,
          { input: { headers, params, responder: { id: "rsp_0", name } } },
        );
        const valuesOf = (each: string) => headers.filter(([key]) => key === each).map(([, value]) => value);
        const joined = NAMES.map((each) => (valuesOf(each).length === 0 ? null : valuesOf(each).join(", ")));
        const others = new Set(headers.map(([key]) => key).filter((key) => key !== "set-cookie")).size;
        expect(seen).toEqual({
          params: JSON.parse(JSON.stringify(params)),
          name,
          url: INPUT.url,
          path: INPUT.path,
          method: INPUT.method,
          got: joined,
          count: others + valuesOf("set-cookie").length,
        });
      }),
      { numRuns: 60 },
    );
  });

  it("cannot be taken apart otherwise by line breaks in what a trial gives", async () => {
    const input = { method: "GET\nhttp://evil/", path: "/a\r\nb", rawQuery: "x\ny", requestId: "exc_1" };
    expect(await js("return [request.method, ctx.path, ctx.requestId, request.url]", { input })).toEqual([
      "GET http://evil/",
      "/a  b",
      "exc_1",
      INPUT.url,
    ]);
  });

  it("has what is not there as not there", async () => {
    const input = { body: null, rawQuery: null, headers: [], client: { ip: null } };
    expect(await js("return [request.body, [...request.headers], ctx.client.ip]", { input })).toEqual([
      null,
      [],
      null,
    ]);
    const { answer } = await run(
      "expression",
      "({ body: { keys: Object.keys(context), query: context.query } })",
      {
        input,
      },
    ).answer;
    expect(answer).toMatchObject({
      body: new TextEncoder().encode(
        '{"keys":["method","headers","path","query","secrets","body"],"query":{}}',
      ),
    });
  });

  it("stays readable in a frozen ctx, and can be replaced in one that is not", async () => {
    expect(
      await js(`
        Object.freeze(ctx);
        const thrown = (() => { try { ctx.params = 1; return "" } catch (error) { return error.name } })();
        return [ctx.params, ctx.params === ctx.params, thrown]`),
    ).toEqual([INPUT.params, true, "TypeError"]);
    expect(
      await js("ctx.params = { mine: 1 }; ctx.path = 2; return [ctx.params, ctx.path, { ...ctx }.path]"),
    ).toEqual([{ mine: 1 }, 2, 2]);
  });
});
