// Loads the ESM and the CJS build of the packages into one process, as happens to a program whose
// dependencies differ, and checks that what a process has once is the same for both. Silent where
// all is well.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as host from "@trestle/host";
import * as structured from "@trestle/structured";

const require = createRequire(import.meta.url);

/** @type {typeof host} */
const otherHost = require("@trestle/host");
assert.notEqual(host.TrestleError, otherHost.TrestleError, "one build was loaded twice");
assert.equal(host.platformHost(), otherHost.platformHost(), "each build has a host of its own");
assert(
  new otherHost.InternalError("x") instanceof host.InternalError,
  "the errors of one build are not recognized by the other",
);

/** @type {typeof structured} */
const otherStructured = require("@trestle/structured");
assert.notEqual(structured.Event, otherStructured.Event, "one build was loaded twice");

// Each build in turn runs the other's blocks, and its own inside of them.
await crossBuilds(structured, otherStructured);
await crossBuilds(otherStructured, structured);

/**
 * @param {typeof structured} outer
 * @param {typeof structured} inner
 */
async function crossBuilds(outer, inner) {
  const caught = await outer.run(function* () {
    assert.equal(outer.currentTask(), inner.currentTask(), "the builds differ in the current task");
    yield* inner.checkpoint();
    const result = yield* inner.moveOnAfter(1, () =>
      outer.openNursery(function* (nursery) {
        nursery.startSoon(inner.sleepForever);
        nursery.startSoon(() => inner.openNursery(() => outer.sleepForever()));
        yield* outer.sleepForever();
      }),
    );
    return result.cancelledCaught;
  });
  assert(caught, "a deadline of one build does not cancel what waits in the other");
}
