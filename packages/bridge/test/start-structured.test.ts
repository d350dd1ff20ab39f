import { getRunningLoop, run as runLoop, Task } from "@trestle/loop";
import { currentTask, named } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { asStructured } from "../src/index.js";
import { startStructured } from "../src/start-structured.js";
import { StructuredCall } from "../src/translate-cancel.js";
import { virtualBridge } from "./virtual-bridge.js";

const nameOfTask = named("call", function* (suffix: string) {
  return currentTask().name + suffix;
});

test("in a loop of openLoop a call is one of its nursery", async () => {
  const { run } = virtualBridge();
  await run((loop) =>
    asStructured(async () => {
      const call = startStructured(loop, nameOfTask, ["!"]);
      expect(call).toBeInstanceOf(StructuredCall);
      expect(await call).toBe("call!");
    })(),
  );
});

test("in another loop it is a run of its own, and a task for the loop", async () => {
  await runLoop(
    async () => {
      const call = startStructured(getRunningLoop(), nameOfTask, ["!"]);
      expect(call).toBeInstanceOf(Task);
      expect(await call).toBe("call!");
    },
    { host: new VirtualHost() },
  );
});
