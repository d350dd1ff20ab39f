import { CancelScope, run } from "@trestle/structured";
import { expect, test } from "vitest";
import { fileWork } from "../../../src/structured/files/file-work.js";

test("a cancellation that came before ends it before it begins (FILE-1)", async () => {
  let began = false;
  await run(function* () {
    const scope = new CancelScope();
    scope.cancel();
    const { cancelledCaught } = yield* scope.run(() =>
      fileWork(async () => {
        began = true;
      }),
    );
    expect([cancelledCaught, began]).toEqual([true, false]);
  });
});

test("one that comes meanwhile waits until it is done, and the value is not lost", async () => {
  await run(function* () {
    const scope = new CancelScope();
    const { cancelledCaught, value } = yield* scope.run(() =>
      fileWork(async () => {
        scope.cancel();
        await Promise.resolve();
        return "done";
      }),
    );
    expect([cancelledCaught, value]).toEqual([false, "done"]);
  });
});
