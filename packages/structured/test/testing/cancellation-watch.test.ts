import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  CapacityLimiter,
  checkpoint,
  Lock,
  openNursery,
  Semaphore,
  sleepForever,
  type Operation,
} from "../../src/index.js";
import { Belongings, type Takeable } from "../../src/testing/cancellation-watch.js";
import { virtualRun } from "../virtual-run.js";

/** Runs a body with a list of belongings, in a nursery that is cancelled in the end. */
function keeping(body: (belongings: Belongings) => Operation<void>): Promise<void> {
  return virtualRun().run(() =>
    openNursery(function* (nursery) {
      yield* body(new Belongings(nursery));
      nursery.cancelScope.cancel();
    }),
  );
}

describe("what is left", () => {
  test("is what is open", () =>
    keeping(function* (belongings) {
      const open = new Set(["a", "b"]);
      for (const name of ["a", "b"]) belongings.resource(name, () => open.has(name));
      open.delete("a");
      expect(belongings.leftovers()).toEqual([{ kind: "open", name: "b" }]);
    }));

  test("is a lock that is held, by whoever it is", () =>
    keeping(function* (belongings) {
      const lock = belongings.lock("the lock", new Lock());
      expect(belongings.leftovers()).toEqual([]);
      yield* lock.acquire();
      expect(belongings.leftovers()).toEqual([{ kind: "locked", name: "the lock" }]);
      lock.release();
      expect(belongings.leftovers()).toEqual([]);
    }));

  test("is a lock whose holder has died", () =>
    keeping(function* (belongings) {
      const lock = belongings.lock("the lock", new Lock());
      yield* openNursery(function* (nursery) {
        nursery.startSoon(() => lock.acquire());
      });
      expect(belongings.leftovers()).toEqual([{ kind: "locked", name: "the lock" }]);
    }));

  test("is a limiter or a semaphore of which something is taken", () =>
    keeping(function* (belongings) {
      const limiter = belongings.lock("the limiter", new CapacityLimiter(2));
      const semaphore = belongings.lock("the semaphore", new Semaphore(2));
      expect(belongings.leftovers()).toEqual([]);
      yield* limiter.acquire();
      yield* semaphore.acquire();
      expect(belongings.leftovers()).toEqual([
        { kind: "locked", name: "the limiter" },
        { kind: "locked", name: "the semaphore" },
      ]);
    }));

  test("is a task that goes on in the nursery around", () =>
    keeping(function* (belongings) {
      belongings.nursery.startSoon(sleepForever);
      belongings.nursery.startSoon(function* brief() {
        yield* checkpoint();
      });
      expect(belongings.leftovers().map(({ name }) => name)).toEqual(["sleepForever", "brief"]);
      yield* checkpoint();
      yield* checkpoint();
      expect(belongings.leftovers()).toEqual([{ kind: "alive", name: "sleepForever" }]);
    }));

  test.for([undefined, null, 5, {}])("is not told by %j, which is no lock", (value) =>
    keeping(function* (belongings) {
      expect(() => belongings.lock("it", value as Takeable)).toThrow(ArgumentError);
    }),
  );

  test("is not told by a resource without a test", () =>
    keeping(function* (belongings) {
      expect(() => belongings.resource("it", true as never)).toThrow(ArgumentError);
    }));
});
