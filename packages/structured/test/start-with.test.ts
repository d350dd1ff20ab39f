import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { expect, test } from "vitest";
import {
  ContextVar,
  NurseryClosedError,
  openNursery,
  sleep,
  type Nursery,
  type Operation,
} from "../src/index.js";
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
        function* child(): Generator<never> {
          yield* tell("child");
          nursery.startSoon(tell, "grandchild");
        }
        const task = startWith(nursery, child(), { label: { name: "Ann" }, variables, context });
        log(task.name);
        nursery.startSoon(tell, "sibling");
        const without = { label: tell, variables: undefined, context };
        startWith(nursery, tell("without variables"), without);
      }),
    ),
  );
  storage.disable();
  expect(trace.messages.filter((line) => !line.startsWith("without"))).toEqual([
    "Ann",
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
    const context = new AsyncResource("given");
    const surroundings = { label: { name: "late" }, variables: undefined, context };
    expect(() => startWith(closed as Nursery, sleep(10), surroundings)).toThrow(NurseryClosedError);
    yield* openNursery(function* (nursery) {
      nursery.startSoon(function* () {
        found = variable.get();
      });
      const fn = sleep as unknown as Operation<void>;
      expect(() => startWith(nursery, fn, surroundings)).toThrow(
        "Cannot start a child with sleep (function): an operation is wanted.\n" +
          "Call the structured function, and give what it returns.",
      );
    });
  });
  expect(found).toBe("main");
});
