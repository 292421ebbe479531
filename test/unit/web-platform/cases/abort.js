test("a controller has one signal, not aborted", () => {
  const controller = new AbortController();
  identical(controller.signal, controller.signal);
  truthy(controller.signal instanceof AbortSignal && controller.signal instanceof EventTarget);
  equal([controller.signal.aborted, controller.signal.reason], [false, undefined]);
});
test("a controller's signal cannot be replaced", () => {
  const controller = new AbortController();
  throws("TypeError", () => {
    controller.signal = 1;
  });
});
test("abort gives an AbortError, an event, and undefined", () => {
  const controller = new AbortController();
  const events = [];
  controller.signal.addEventListener("abort", (event) => events.push(event));
  equal(controller.abort(), undefined);
  equal(
    [
      controller.signal.aborted,
      controller.signal.reason.name,
      controller.signal.reason.code,
      controller.signal.reason instanceof DOMException,
    ],
    [true, "AbortError", 20, true],
  );
  equal(
    [
      events.length,
      events[0].type,
      events[0].bubbles,
      events[0].cancelable,
      events[0].target === controller.signal,
    ],
    [1, "abort", false, false, true],
  );
});
test("the event of an abort is trusted", () => {
  const controller = new AbortController();
  let trusted;
  controller.signal.onabort = (event) => (trusted = event.isTrusted);
  controller.abort();
  equal(trusted, true);
});
test("aborting twice changes nothing", () => {
  const controller = new AbortController();
  let events = 0;
  controller.signal.addEventListener("abort", () => (events += 1));
  controller.abort("first");
  controller.abort("second");
  equal([events, controller.signal.reason], [1, "first"]);
});
for (const reason of [null, false, 0, "", "text", 7n, { a: 1 }]) {
  test(`keeps the reason ${show(reason)}`, () => {
    const controller = new AbortController();
    controller.abort(reason);
    identical(controller.signal.reason, reason);
    identical(AbortSignal.abort(reason).reason, reason);
    throws(reason, () => controller.signal.throwIfAborted());
  });
}
test("an undefined reason is an AbortError", () => {
  const controller = new AbortController();
  controller.abort(undefined);
  equal(
    [controller.signal.reason.name, AbortSignal.abort(undefined).reason.name],
    ["AbortError", "AbortError"],
  );
});
test("the reason is the same object each time", () => {
  const signal = AbortSignal.abort();
  identical(signal.reason, signal.reason);
  truthy(AbortSignal.abort().reason !== signal.reason);
});
test("AbortSignal.abort gives one that is aborted, without an event", async () => {
  const signal = AbortSignal.abort();
  signal.onabort = () => fail("an event");
  await sleep(0);
  equal([signal.aborted, signal instanceof AbortSignal], [true, true]);
});
test("throwIfAborted does nothing before", () =>
  equal(new AbortController().signal.throwIfAborted(), undefined));
test("onabort is null, takes functions and objects, and nothing else", () => {
  const { signal } = new AbortController();
  const handler = () => 1;
  const seen = [signal.onabort];
  signal.onabort = handler;
  seen.push(signal.onabort === handler);
  signal.onabort = "text";
  seen.push(signal.onabort);
  equal(seen, [null, true, null]);
});
test("onabort keeps its place among the listeners when it is replaced", () => {
  const controller = new AbortController();
  const seen = [];
  controller.signal.onabort = () => seen.push("old");
  controller.signal.addEventListener("abort", () => seen.push("listener"));
  controller.signal.onabort = () => seen.push("new");
  controller.abort();
  equal(seen, ["new", "listener"]);
});
test("onabort is called with the signal as its this", () => {
  const controller = new AbortController();
  let self;
  controller.signal.onabort = function () {
    self = this;
  };
  controller.abort();
  identical(self, controller.signal);
});
test("listeners see the signal aborted", () => {
  const controller = new AbortController();
  let seen;
  controller.signal.addEventListener("abort", () => (seen = controller.signal.aborted));
  controller.abort();
  equal(seen, true);
});
test("an error of a listener does not stop the others", () => {
  const controller = new AbortController();
  let reached = false;
  controller.signal.addEventListener("abort", () => fail("on purpose"));
  controller.signal.addEventListener("abort", () => (reached = true));
  controller.abort();
  equal(reached, true);
});

test("timeout aborts with a TimeoutError", async () => {
  const signal = AbortSignal.timeout(1);
  equal([signal.aborted, signal.reason], [false, undefined]);
  await new Promise((done) => signal.addEventListener("abort", done));
  equal(
    [signal.aborted, signal.reason.name, signal.reason.code, signal.reason instanceof DOMException],
    [true, "TimeoutError", 23, true],
  );
});
test("timeout does not abort at once", () => equal(AbortSignal.timeout(0).aborted, false));
test("timeouts end in the order of their times", async () => {
  const seen = [];
  const slow = AbortSignal.timeout(60);
  const quick = AbortSignal.timeout(1);
  slow.onabort = () => seen.push("slow");
  quick.onabort = () => seen.push("quick");
  await new Promise((done) => slow.addEventListener("abort", done));
  equal(seen, ["quick", "slow"]);
});
for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "x", undefined]) {
  test(`timeout refuses ${show(ms)}`, () => throws("TypeError", () => AbortSignal.timeout(ms)));
}
test("timeout needs an argument", () => throws("TypeError", () => AbortSignal.timeout()));

test("any of none is never aborted", () => {
  const signal = AbortSignal.any([]);
  equal([signal.aborted, signal instanceof AbortSignal], [false, true]);
});
test("any of one is another", () => {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal]);
  truthy(signal !== controller.signal);
  controller.abort("why");
  equal([signal.aborted, signal.reason], [true, "why"]);
});
test("any follows the first that aborts", () => {
  const controllers = [new AbortController(), new AbortController(), new AbortController()];
  const signal = AbortSignal.any(controllers.map((controller) => controller.signal));
  let events = 0;
  signal.onabort = () => (events += 1);
  controllers[1].abort("b");
  controllers[0].abort("a");
  equal([signal.reason, events], ["b", 1]);
});
test("any of aborted ones has the reason of the first", () => {
  equal(
    AbortSignal.any([new AbortController().signal, AbortSignal.abort("b"), AbortSignal.abort("a")]).reason,
    "b",
  );
});
test("any takes any iterable, the same signal twice too", () => {
  const controller = new AbortController();
  const signal = AbortSignal.any(new Set([controller.signal]));
  const twice = AbortSignal.any([controller.signal, controller.signal]);
  let events = 0;
  twice.onabort = () => (events += 1);
  controller.abort();
  equal([signal.aborted, events], [true, 1]);
});
test("any of any of any", () => {
  const controller = new AbortController();
  const one = AbortSignal.any([controller.signal]);
  const two = AbortSignal.any([one, new AbortController().signal]);
  const three = AbortSignal.any([two]);
  controller.abort(1);
  equal([one.reason, two.reason, three.reason], [1, 1, 1]);
});
test("what depends on a signal is aborted before any event", () => {
  const controller = new AbortController();
  const dependent = AbortSignal.any([controller.signal]);
  const seen = [];
  controller.signal.addEventListener("abort", () => seen.push(`source ${dependent.aborted}`));
  dependent.addEventListener("abort", () => seen.push(`dependent ${controller.signal.aborted}`));
  controller.abort();
  equal(seen, ["source true", "dependent true"]);
});
test("events come in the order of the dependents", () => {
  const controller = new AbortController();
  const seen = [];
  for (const name of ["a", "b", "c"])
    AbortSignal.any([controller.signal]).addEventListener("abort", () => seen.push(name));
  controller.abort();
  equal(seen, ["a", "b", "c"]);
});
test("any with a timeout", async () => {
  const signal = AbortSignal.any([AbortSignal.timeout(1), new AbortController().signal]);
  await new Promise((done) => signal.addEventListener("abort", done));
  equal(signal.reason.name, "TimeoutError");
});
for (const [what, given] of [
  ["nothing", []],
  ["no list", [1]],
  ["null", [null]],
  ["what are no signals", [[{}]]],
  ["a signal itself", [new AbortController().signal]],
  ["an event target", [[new EventTarget()]]],
]) {
  test(`any refuses ${what}`, () => throws("TypeError", () => AbortSignal.any(...given)));
}

test("a signal cannot be constructed", () => throws("TypeError", () => new AbortSignal()));
test("a controller needs new, and refuses other objects", () => {
  throws("TypeError", () => AbortController());
  throws("TypeError", () => AbortController.prototype.abort.call({}));
  throws("TypeError", () =>
    Object.getOwnPropertyDescriptor(AbortController.prototype, "signal").get.call({}),
  );
  throws("TypeError", () =>
    Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted").get.call(new EventTarget()),
  );
});
test("both have a length of 0 and a tag", () => {
  const controller = new AbortController();
  equal(
    [AbortController.length, AbortSignal.length, String(controller), String(controller.signal)],
    [0, 0, "[object AbortController]", "[object AbortSignal]"],
  );
  equal(
    [
      AbortSignal.abort.length,
      AbortSignal.timeout.length,
      AbortSignal.any.length,
      AbortController.prototype.abort.length,
    ],
    [0, 1, 1, 0],
  );
});
test("AbortSignal inherits from EventTarget, also as a function", () =>
  identical(Object.getPrototypeOf(AbortSignal), EventTarget));

test("a listener with a signal is removed when it aborts", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let calls = 0;
  target.addEventListener("x", () => (calls += 1), { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  controller.abort();
  target.dispatchEvent(new Event("x"));
  equal(calls, 1);
});
test("a listener with an aborted signal is not added", () => {
  const target = new EventTarget();
  let calls = 0;
  target.addEventListener("x", () => (calls += 1), { signal: AbortSignal.abort() });
  target.dispatchEvent(new Event("x"));
  equal(calls, 0);
});
test("a listener can abort its own signal and those after it", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  const seen = [];
  target.addEventListener(
    "x",
    () => {
      seen.push(1);
      controller.abort();
    },
    { signal: controller.signal },
  );
  target.addEventListener("x", () => seen.push(2), { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("x"));
  equal(seen, [1]);
});
for (const signal of [null, 1, {}, "x"]) {
  test(`addEventListener refuses ${show(signal)} as a signal`, () =>
    throws("TypeError", () => new EventTarget().addEventListener("x", () => 1, { signal })));
}
