import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { LoopBinding } from "../src/loop-binding.js";
import { thrownBy } from "./on-virtual-time.js";
import { WrongLoopError } from "../src/wrong-loop-error.js";

test("binds to the first loop for good", async () => {
  const loops = [
    new EventLoop({ host: new VirtualHost() }),
    new EventLoop({ host: new VirtualHost() }),
  ];
  const [first, second] = loops as [EventLoop, EventLoop];
  const binding = new LoopBinding();
  binding.bind(first, "acquire the lock");
  binding.bind(first, "acquire the lock");
  const error = thrownBy(() => binding.bind(second, "acquire the lock"));
  expect(error).toBeInstanceOf(WrongLoopError);
  expect((error as Error).message).toBe(
    "Cannot acquire the lock: it belongs to another event loop.\nMake one for each loop, in a function that the loop runs.",
  );
  for (const loop of loops) await loop.close();
});
