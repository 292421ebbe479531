test("setTimeout gives numbers above 0, each another", () => {
  const ids = [setTimeout(() => 1), setTimeout(() => 1, 0), setInterval(() => 1, 1000)];
  equal([ids.every((id) => Number.isInteger(id) && id > 0), new Set(ids).size], [true, 3]);
  for (const id of ids) clearTimeout(id);
});
test("calls back later, with the arguments", async () => {
  let seen;
  const promise = new Promise((done) =>
    setTimeout(
      (...given) => {
        seen = given;
        done();
      },
      1,
      "a",
      { b: 1 },
      null,
    ),
  );
  equal(seen, undefined);
  await promise;
  equal(seen, ["a", { b: 1 }, null]);
});
test("gives no arguments when there are none", async () =>
  equal(
    await new Promise((done) =>
      setTimeout(function () {
        done(arguments.length);
      }),
    ),
    0,
  ));
test("the callback's this is the global object", async () =>
  identical(
    await new Promise((done) =>
      setTimeout(function () {
        done(this);
      }),
    ),
    globalThis,
  ));
for (const delay of [
  undefined,
  null,
  0,
  -1,
  -1000,
  Number.NaN,
  "x",
  {},
  0.9,
  2 ** 32,
  -(2 ** 31),
  Number.POSITIVE_INFINITY,
]) {
  test(`a delay of ${show(delay)} is none`, async () => {
    const winner = await Promise.race([
      new Promise((done) => setTimeout(done, delay, "it")),
      new Promise((done) => setTimeout(done, 200, "late")),
    ]);
    equal(winner, "it");
  });
}
test("equal delays come in order", async () => {
  const seen = [];
  for (const name of ["a", "b", "c"]) setTimeout(() => seen.push(name), 1);
  await new Promise((done) => setTimeout(done, 5));
  equal(seen, ["a", "b", "c"]);
});
test("shorter delays come before longer ones", async () => {
  const seen = [];
  setTimeout(() => seen.push("slow"), 60);
  setTimeout(() => seen.push("quick"), 1);
  await sleep(80);
  equal(seen, ["quick", "slow"]);
});
test("takes a text for a delay", async () => {
  const seen = [];
  setTimeout(() => seen.push("text"), "60");
  setTimeout(() => seen.push("number"), 1);
  await sleep(80);
  equal(seen, ["number", "text"]);
});
test("clearTimeout calls off, also within a callback, and an interval", async () => {
  const seen = [];
  const one = setTimeout(() => seen.push("one"), 1);
  const two = setInterval(() => seen.push("two"), 1);
  const three = setTimeout(() => seen.push("three"), 60);
  clearTimeout(one);
  clearTimeout(two);
  setTimeout(() => clearInterval(three), 0);
  await sleep(80);
  equal(seen, []);
});
for (const id of [undefined, null, 0, -1, 1e9, Number.NaN, "x", {}]) {
  test(`clearing ${show(id)} does nothing`, () =>
    equal([clearTimeout(id), clearInterval(id)], [undefined, undefined]));
}
test("setInterval calls again until it is cleared, from within too", async () => {
  let calls = 0;
  await new Promise((done) => {
    const id = setInterval(() => {
      calls += 1;
      if (calls === 3) {
        clearInterval(id);
        done();
      }
    }, 1);
  });
  await sleep(5);
  equal(calls, 3);
});
test("an interval goes on after an error", async () => {
  let calls = 0;
  await new Promise((done) => {
    const id = setInterval(() => {
      calls += 1;
      if (calls === 2) {
        clearInterval(id);
        done();
      }
      fail("on purpose");
    }, 1);
  });
  equal(calls, 2);
});
test("an error of a callback does not stop the others", async () => {
  setTimeout(() => fail("on purpose"), 0);
  equal(await new Promise((done) => setTimeout(done, 1, "reached")), "reached");
});
test("compiles no text", () => {
  throws("TypeError", () => setTimeout("1"));
  throws("TypeError", () => setInterval({}));
  throws("TypeError", () => setTimeout());
});
test("microtasks come before timers, in order with promises", async () => {
  const seen = [];
  setTimeout(() => seen.push("timer"), 0);
  queueMicrotask(() => seen.push("first"));
  Promise.resolve().then(() => seen.push("second"));
  queueMicrotask(() => {
    seen.push("third");
    queueMicrotask(() => seen.push("fifth"));
  });
  Promise.resolve().then(() => seen.push("fourth"));
  seen.push("now");
  await sleep(2);
  equal(seen, ["now", "first", "second", "third", "fourth", "fifth", "timer"]);
});
test("microtasks run between two timers", async () => {
  const seen = [];
  setTimeout(() => {
    seen.push(1);
    queueMicrotask(() => seen.push("micro"));
  }, 0);
  setTimeout(() => seen.push(2), 0);
  await sleep(3);
  equal(seen, [1, "micro", 2]);
});
test("queueMicrotask gives undefined, its callback no arguments, and an error stops nothing", async () => {
  let given;
  equal(
    queueMicrotask(function () {
      given = [arguments.length, this];
      fail("on purpose");
    }),
    undefined,
  );
  await null;
  equal([given[0], given[1] === undefined || given[1] === globalThis], [0, true]);
});
for (const callback of [undefined, null, 1, "x", {}]) {
  test(`queueMicrotask refuses ${show(callback)}`, () => throws("TypeError", () => queueMicrotask(callback)));
}
test("names and lengths are those of the standard", () => {
  equal(
    [setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask].map((each) => [
      each.name,
      each.length,
    ]),
    [
      ["setTimeout", 1],
      ["setInterval", 1],
      ["clearTimeout", 0],
      ["clearInterval", 0],
      ["queueMicrotask", 1],
    ],
  );
});
test("performance.now counts whole milliseconds from the run's beginning, and never goes back", async () => {
  const first = performance.now();
  await sleep(3);
  const second = performance.now();
  truthy(
    first >= 0 && first < 60_000 && second > first && Number.isInteger(first) && Number.isInteger(second),
    `${first} ${second}`,
  );
});
test("performance.timeOrigin and now come to the time", () => {
  truthy(Math.abs(performance.timeOrigin + performance.now() - Date.now()) <= 1);
  equal(Object.keys(performance.toJSON()).includes("timeOrigin"), true);
});
