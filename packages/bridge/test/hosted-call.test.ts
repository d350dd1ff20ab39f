import { currentTask, sleep } from "@trestle/structured";
import { expect, test } from "vitest";
import { callHost } from "../src/hosted-call.js";
import { asLoop, runAsync, runStructured } from "../src/index.js";
import { virtualBridge } from "./virtual-bridge.js";

test("the task of a call has the name of its function, however it was called", async () => {
  expect([callHost("fetch").label.name, callHost("").label.name]).toEqual(["fetch", "anonymous"]);
  const { run } = virtualBridge();
  function* nameOfTask(): Generator<never, string> {
    return currentTask().name;
  }
  const wrapped = asLoop(nameOfTask);
  await run(() =>
    runAsync(async () => {
      expect(await wrapped()).toBe("nameOfTask");
      expect(await wrapped.call({})).toBe("nameOfTask");
      expect(await runStructured(nameOfTask)).toBe("nameOfTask");
      expect(await asLoop(() => nameOfTask())()).toBe("anonymous");
    }),
  );
});

test("calls of one wrapper at the same time are calls of their own", async () => {
  const { run, host } = virtualBridge();
  const nap = asLoop(function* (ms: number) {
    yield* sleep(ms);
    return host.now();
  });
  await run(() =>
    runAsync(async () => {
      expect(await Promise.all([nap(3), nap(1), nap(2)])).toEqual([3, 1, 2]);
    }),
  );
});
