import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { moveOnAfter, run } from "../../src/index.js";
import { backlogOf, listen } from "../../src/net/listen.js";
import { caughtBy } from "../streams/caught-by.js";
import { virtualRun } from "../virtual-run.js";
import { openListener } from "./socket-pair.js";

const HERE = { host: "127.0.0.1", port: 0 };

test("an error comes out as the platform has it, and nothing is held", async () => {
  const { run: runVirtually, host } = virtualRun();
  await runVirtually(function* () {
    const listener = yield* openListener();
    const { port } = listener;
    expect(yield* caughtBy(() => listen({ ...HERE, port }, "there"))).toMatchObject({
      code: "EADDRINUSE",
    });
    yield* listener.aclose();
  });
  expect(host.held).toEqual([]);
});

test("where it is cancelled, nothing listens afterwards", async () => {
  await run(function* () {
    const probe = yield* openListener();
    const { port } = probe;
    yield* probe.aclose();
    const { cancelledCaught } = yield* moveOnAfter(0, () => listen({ ...HERE, port }, "there"));
    expect(cancelledCaught).toBe(true);
    const listener = yield* listen({ ...HERE, port }, "there");
    yield* listener.aclose();
  });
});

test("leaves no listener of its own on the server", async () => {
  await run(function* () {
    const listener = yield* listen(HERE, "there");
    expect(listener.server.listenerCount("listening")).toBe(0);
    // That of the SocketListener.
    expect(listener.server.listenerCount("error")).toBe(1);
    yield* listener.aclose();
  });
});

test("a backlog is a whole number from 1, capped at 65535 (SRV-1)", () => {
  expect(backlogOf({})).toBe(65_535);
  expect(backlogOf({ backlog: 10 })).toBe(10);
  expect(backlogOf({ backlog: 100_000 })).toBe(65_535);
  expect(backlogOf({ backlog: Number.POSITIVE_INFINITY })).toBe(65_535);
  for (const backlog of [0, -1, 1.5, Number.NaN, "10"]) {
    expect(() => backlogOf({ backlog: backlog as number })).toThrow(ArgumentError);
  }
});
