import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { expect, test } from "vitest";
import { ContextVar, NurseryClosedError, openNursery, type Nursery } from "../src/index.js";
import { contextSnapshot, startWith } from "../src/lowlevel.js";
import { virtualRun } from "./virtual-run.js";

test("the child has the given variables and async context, and its siblings have not", async () => {
  const { run, log, trace } = virtualRun();
  const storage = new AsyncLocalStorage<string>();
  const variable = new ContextVar<string>("who", { defaultValue: "nobody" });
  const context = storage.run("given", () => new AsyncResource("given"));
  await storage.run("outside", () =>
    run(() =>
      openNursery(function* (nursery) {
        function* tell(name: string): Generator<never> {
          log(`${name}: ${storage.getStore()}, ${variable.get()}`);
        }
        variable.set("given");
        const variables = contextSnapshot();
        variable.set("main");
        context.runInAsyncScope(() =>
          startWith(nursery, { variables, context }, function* child() {
            yield* tell("child");
            nursery.startSoon(tell, "grandchild");
          }),
        );
        nursery.startSoon(tell, "sibling");
        startWith(nursery, { variables: undefined, context }, tell, "without variables");
      }),
    ),
  );
  storage.disable();
  expect(trace.messages.filter((line) => !line.startsWith("without"))).toEqual([
    "child: given, given",
    "sibling: outside, main",
    "grandchild: given, given",
  ]);
  expect(trace.messages.find((line) => line.startsWith("without"))).toMatch(/nobody$/u);
});

test("where it cannot start, what is started next has nothing of it", async () => {
  const { run } = virtualRun();
  const variable = new ContextVar<string>("who", { defaultValue: "nobody" });
  let found = "";
  await run(function* () {
    let closed: Nursery | undefined;
    yield* openNursery(function* (nursery) {
      closed = nursery;
    });
    variable.set("main");
    const surroundings = { variables: undefined, context: new AsyncResource("given") };
    expect(() => startWith(closed as Nursery, surroundings, function* () {})).toThrow(
      NurseryClosedError,
    );
    yield* openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        found = variable.get();
      });
    });
  });
  expect(found).toBe("main");
});
