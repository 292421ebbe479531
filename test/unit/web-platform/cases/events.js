test("an event has what it was made with", () => {
  const event = new Event("type", { bubbles: true, cancelable: true, composed: true });
  equal([event.type, event.bubbles, event.cancelable, event.composed], ["type", true, true, true]);
});
test("an event has the defaults", () => {
  const event = new Event("x");
  equal(
    [
      event.bubbles,
      event.cancelable,
      event.composed,
      event.defaultPrevented,
      event.isTrusted,
      event.target,
      event.currentTarget,
      event.srcElement,
      event.eventPhase,
      event.composedPath(),
    ],
    [false, false, false, false, false, null, null, null, 0, []],
  );
  equal([event.cancelBubble, event.returnValue, typeof event.timeStamp], [false, true, "number"]);
});
for (const [given, type] of [
  [undefined, "undefined"],
  [null, "null"],
  [1, "1"],
  ["", ""],
  [{ toString: () => "x" }, "x"],
]) {
  test(`takes ${show(given)} for a type`, () => equal(new Event(given).type, type));
}
test("an event needs a type, and options that are an object", () => {
  throws("TypeError", () => new Event());
  throws("TypeError", () => Event("x"));
  throws("TypeError", () => new Event(Symbol("x")));
  throws("TypeError", () => new Event("x", 1));
  equal(
    [new Event("x", null).bubbles, new Event("x", undefined).bubbles, new Event("x", { bubbles: 1 }).bubbles],
    [false, false, true],
  );
});
test("Event has its constants, on the class and on instances", () => {
  const names = ["NONE", "CAPTURING_PHASE", "AT_TARGET", "BUBBLING_PHASE"];
  equal(
    [names.map((name) => Event[name]), names.map((name) => new Event("x")[name])],
    [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ],
  );
});
test("attributes cannot be set", () => {
  const event = new Event("x");
  for (const name of ["type", "bubbles", "target", "isTrusted", "timeStamp"])
    throws("TypeError", () => {
      event[name] = 1;
    });
});
test("isTrusted is an own property that cannot be changed", () => {
  const found = Object.getOwnPropertyDescriptor(new Event("x"), "isTrusted");
  equal([typeof found?.get, found?.configurable, found?.enumerable], ["function", false, true]);
});
test("timeStamp counts from the beginning of the run, as performance.now does", () => {
  const before = performance.now();
  const { timeStamp } = new Event("x");
  truthy(timeStamp >= before && timeStamp <= performance.now(), timeStamp);
});
test("preventDefault works on what is cancelable", () => {
  const results = [true, false].map((cancelable) => {
    const event = new Event("x", { cancelable });
    event.preventDefault();
    return [event.defaultPrevented, event.returnValue];
  });
  equal(results, [
    [true, false],
    [false, true],
  ]);
});
test("returnValue set to false prevents, to true does nothing", () => {
  const event = new Event("x", { cancelable: true });
  event.returnValue = true;
  equal(event.defaultPrevented, false);
  event.returnValue = false;
  event.returnValue = true;
  equal(event.defaultPrevented, true);
});
test("cancelBubble set to true stops, to false does nothing", () => {
  const event = new Event("x");
  event.cancelBubble = false;
  equal(event.cancelBubble, false);
  event.cancelBubble = true;
  event.cancelBubble = false;
  equal(event.cancelBubble, true);
});
test("stopPropagation sets cancelBubble", () => {
  const event = new Event("x");
  event.stopPropagation();
  equal(event.cancelBubble, true);
});
test("initEvent begins an event anew", () => {
  const event = new Event("x", { cancelable: true });
  event.preventDefault();
  event.initEvent("y", true, false);
  equal([event.type, event.bubbles, event.cancelable, event.defaultPrevented], ["y", true, false, false]);
});
test("CustomEvent carries a detail", () => {
  const detail = {};
  identical(new CustomEvent("x", { detail }).detail, detail);
  equal(
    [
      new CustomEvent("x").detail,
      new CustomEvent("x", { cancelable: true }).cancelable,
      new CustomEvent("x") instanceof Event,
      String(new CustomEvent("x")),
    ],
    [null, true, true, "[object CustomEvent]"],
  );
});

const heard = (run) => {
  const target = new EventTarget();
  const seen = [];
  run(target, seen);
  return seen;
};
test("calls listeners in order, with the event and the target as this", () => {
  const target = new EventTarget();
  const event = new Event("x");
  const seen = [];
  target.addEventListener("x", function (given) {
    seen.push([
      "a",
      given === event,
      this === target,
      given.target === target,
      given.currentTarget === target,
      given.eventPhase,
    ]);
  });
  target.addEventListener("x", () => seen.push("b"));
  target.addEventListener("y", () => seen.push("c"));
  equal(target.dispatchEvent(event), true);
  equal(seen, [["a", true, true, true, true, 2], "b"]);
  equal([event.target === target, event.currentTarget, event.eventPhase], [true, null, 0]);
});
test("composedPath holds the target while the event is dispatched", () => {
  const target = new EventTarget();
  let path;
  const event = new Event("x");
  target.addEventListener("x", () => (path = event.composedPath()));
  target.dispatchEvent(event);
  equal([path.length, path[0] === target, event.composedPath()], [1, true, []]);
});
test("calls handleEvent of an object, with it as this, looked up each time", () => {
  const seen = heard((target, list) => {
    const listener = {
      handleEvent(event) {
        list.push([event.type, this === listener]);
      },
    };
    target.addEventListener("x", listener);
    target.dispatchEvent(new Event("x"));
    listener.handleEvent = () => list.push("other");
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, [["x", true], "other"]);
});
test("a function's handleEvent is not called", () => {
  const seen = heard((target, list) => {
    target.addEventListener(
      "x",
      Object.assign(() => list.push("function"), { handleEvent: () => list.push("no") }),
    );
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, ["function"]);
});
test("adds the same listener once, for capture another time", () => {
  const seen = heard((target, list) => {
    const listener = () => list.push(1);
    target.addEventListener("x", listener);
    target.addEventListener("x", listener, { once: true });
    target.addEventListener("x", listener, true);
    target.addEventListener("x", listener, { capture: true, passive: true });
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, [1, 1]);
});
test("listeners for capture come first", () => {
  const seen = heard((target, list) => {
    target.addEventListener("x", () => list.push("bubble"));
    target.addEventListener("x", () => list.push("capture"), true);
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, ["capture", "bubble"]);
});
test("removes just the one of the same type, function and capture", () => {
  const seen = heard((target, list) => {
    const listener = () => list.push(1);
    target.addEventListener("x", listener);
    target.removeEventListener("x", listener, true);
    target.removeEventListener("y", listener);
    target.removeEventListener("x", () => 1);
    target.dispatchEvent(new Event("x"));
    target.removeEventListener("x", listener, { capture: false });
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, [1]);
});
test("calls a listener with once only once, and removes it before", () => {
  const seen = heard((target, list) => {
    target.addEventListener(
      "x",
      () => {
        list.push(1);
        target.dispatchEvent(new Event("x"));
      },
      { once: true },
    );
    target.dispatchEvent(new Event("x"));
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, [1]);
});
test("does not call listeners that are added meanwhile, nor such as are removed", () => {
  const seen = heard((target, list) => {
    const second = () => list.push("second");
    target.addEventListener("x", () => {
      list.push("first");
      target.removeEventListener("x", second);
      target.addEventListener("x", () => list.push("third"));
    });
    target.addEventListener("x", second);
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, ["first"]);
});
test("stopImmediatePropagation stops at once, stopPropagation not at the target", () => {
  const seen = heard((target, list) => {
    target.addEventListener("x", (event) => {
      list.push(1);
      event.stopPropagation();
    });
    target.addEventListener("x", (event) => {
      list.push(2);
      event.stopImmediatePropagation();
    });
    target.addEventListener("x", () => list.push(3));
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, [1, 2]);
});
test("an event that was stopped before is not heard", () => {
  const seen = heard((target, list) => {
    target.addEventListener("x", () => list.push(1));
    const event = new Event("x");
    event.stopPropagation();
    target.dispatchEvent(event);
    target.dispatchEvent(event);
  });
  equal(seen, [1]);
});
test("dispatchEvent says whether nobody prevented", () => {
  const target = new EventTarget();
  target.addEventListener("x", (event) => event.preventDefault());
  equal(
    [
      target.dispatchEvent(new Event("x", { cancelable: true })),
      target.dispatchEvent(new Event("x")),
      target.dispatchEvent(new Event("y")),
    ],
    [false, true, true],
  );
});
test("a passive listener cannot prevent", () => {
  const target = new EventTarget();
  const event = new Event("x", { cancelable: true });
  target.addEventListener("x", () => event.preventDefault(), { passive: true });
  equal([target.dispatchEvent(event), event.defaultPrevented], [true, false]);
});
test("an event can be dispatched again, but not while it is", () => {
  const target = new EventTarget();
  const event = new Event("x");
  let thrown;
  target.addEventListener("x", () => {
    try {
      target.dispatchEvent(event);
    } catch (error) {
      thrown = error;
    }
  });
  target.dispatchEvent(event);
  equal([thrown.name, thrown.code, target.dispatchEvent(event)], ["InvalidStateError", 11, true]);
});
test("an error of a listener does not reach who dispatches", () => {
  const seen = heard((target, list) => {
    target.addEventListener("x", () => fail("on purpose"));
    target.addEventListener("x", {});
    target.addEventListener("x", () => list.push("after"));
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, ["after"]);
});
test("null and undefined are no listeners, and no error", () => {
  const target = new EventTarget();
  equal(
    [
      target.addEventListener("x", null),
      target.addEventListener("x", undefined),
      target.removeEventListener("x", null),
      target.dispatchEvent(new Event("x")),
    ],
    [undefined, undefined, undefined, true],
  );
});
for (const listener of [1, "text", true, Symbol("x")]) {
  test(`refuses ${show(listener)} as a listener`, () =>
    throws("TypeError", () => new EventTarget().addEventListener("x", listener)));
}
test("refuses too few arguments, and what is no event", () => {
  const target = new EventTarget();
  for (const run of [
    () => target.addEventListener(),
    () => target.addEventListener("x"),
    () => target.removeEventListener("x"),
    () => target.dispatchEvent(),
    () => target.dispatchEvent(null),
    () => target.dispatchEvent({ type: "x" }),
  ])
    throws("TypeError", run);
});
test("reads capture, once, passive and signal of the options, when they are an object", () => {
  const read = [];
  const options = new Proxy({}, { get: (_, key) => void read.push(String(key)), has: () => true });
  new EventTarget().addEventListener("x", () => 1, options);
  for (const name of ["capture", "once", "passive", "signal"]) truthy(read.includes(name), name);
});
test("takes anything for options", () => {
  const seen = heard((target, list) => {
    for (const options of [undefined, null, 0, "", 1, "x"])
      target.addEventListener("x", () => list.push(String(options)), options);
    target.dispatchEvent(new Event("x"));
  });
  equal(seen, ["1", "x", "undefined", "null", "0", ""]);
});
test("classes may extend EventTarget", () => {
  class Mine extends EventTarget {}
  const mine = new Mine();
  let heardIt = false;
  mine.addEventListener("x", (event) => (heardIt = event.target === mine));
  mine.dispatchEvent(new (class extends Event {})("x"));
  equal([heardIt, String(mine)], [true, "[object EventTarget]"]);
});
test("methods refuse what is no target, and have their lengths", () => {
  const { prototype } = EventTarget;
  throws("TypeError", () => prototype.addEventListener.call({}, "x", () => 1));
  equal(
    [
      prototype.addEventListener.length,
      prototype.removeEventListener.length,
      prototype.dispatchEvent.length,
      EventTarget.length,
      Event.length,
    ],
    [2, 2, 1, 0, 1],
  );
});
