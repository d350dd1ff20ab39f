import { AsyncLocalStorage } from "node:async_hooks";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { sleep } from "../src/sleep.js";
import { FakeIo } from "./inline-layers.js";

test("a handler is called for each signal, through the loop, in the context of the adding", async () => {
  const request = new AsyncLocalStorage<string>();
  const io = new FakeIo();
  const loop = new EventLoop({ host: new VirtualHost(), io });
  const log: string[] = [];
  request.run("mine", () =>
    loop.addSignalHandler(
      "SIGHUP",
      (name: string) => log.push(`${name} ${request.getStore()}`),
      "a",
    ),
  );
  io.signal("SIGHUP");
  io.signal("SIGHUP");
  expect(log).toEqual([]);
  await loop.runUntilComplete(() => sleep(0));
  expect(log).toEqual(["a mine", "a mine"]);
  await loop.close();
});

test("a second handler takes the place of the first, and a removed one is not called", async () => {
  const io = new FakeIo();
  const loop = new EventLoop({ host: new VirtualHost(), io });
  const log: string[] = [];
  loop.addSignalHandler("SIGHUP", () => log.push("first"));
  loop.addSignalHandler("SIGHUP", () => log.push("second"));
  expect(io.receivers.get("SIGHUP")?.size).toBe(1);
  io.signal("SIGHUP");
  await loop.runUntilComplete(() => sleep(0));
  expect([loop.removeSignalHandler("SIGHUP"), loop.removeSignalHandler("SIGHUP")]).toEqual([
    true,
    false,
  ]);
  expect(io.receivers.get("SIGHUP")?.size).toBe(0);
  expect(log).toEqual(["second"]);
  await loop.close();
});

test("refuses what is no name of a signal", async () => {
  const loop = new EventLoop({ host: new VirtualHost(), io: new FakeIo() });
  for (const wrong of ["TERM", "sigterm", "", 9, null]) {
    expect(() => loop.removeSignalHandler(wrong as never)).toThrow(
      'a name such as "SIGTERM" is wanted',
    );
  }
  await loop.close();
});
