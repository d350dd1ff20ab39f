import { expect, test } from "vitest";
import { CancelScope, isCancelled, openNursery, run, type Operation } from "../../src/index.js";
import { connectSocket } from "../../src/net/connect-socket.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";
import { virtualRun } from "../virtual-run.js";
import { openListener } from "./socket-pair.js";

test("an error comes out as the platform has it, and what it waited for is not held any more", async () => {
  const { run: runVirtually, host } = virtualRun();
  await runVirtually(function* () {
    const listener = yield* openListener();
    yield* listener.aclose();
    const { port } = listener;
    expect(
      yield* caughtBy(() => connectSocket({ host: "127.0.0.1", port }, "there")),
    ).toMatchObject({
      code: "ECONNREFUSED",
      port,
    });
  });
  expect(host.held).toEqual([]);
});

test("a cancelled attempt has destroyed its socket when the Cancelled comes out (SO-2)", async () => {
  const { run: runVirtually, host } = virtualRun();
  let thrown: unknown;
  await runVirtually(function* () {
    const listener = yield* openListener();
    const scope = new CancelScope();
    yield* openNursery(function* (nursery) {
      nursery.startSoon(() =>
        scope.run(function* () {
          try {
            yield* connectSocket({ host: "127.0.0.1", port: listener.port }, "there");
          } catch (error) {
            thrown = error;
            expect(host.held).toEqual([]);
            throw error;
          }
        }),
      );
      nursery.startSoon(function* (): Operation<void> {
        scope.cancel();
      });
    });
    expect(scope.cancelledCaught).toBe(true);
    yield* listener.aclose();
    expect(listener.server.listening).toBe(false);
  });
  expect(isCancelled(thrown)).toBe(true);
});

test("leaves no listener of its own on the socket", async () => {
  await run(function* () {
    const listener = yield* openListener();
    const stream = yield* connectSocket({ host: "127.0.0.1", port: listener.port }, "there");
    expect(stream.socket.listenerCount("connect")).toBe(0);
    // Those of the stream itself.
    expect(stream.socket.listenerCount("error")).toBe(1);
    expect(stream.socket.listenerCount("close")).toBe(1);
    yield* waitAllTasksBlocked();
    yield* stream.aclose();
    yield* listener.aclose();
  });
});

test("bad options are thrown where the connection is waited for", async () => {
  await expect(run(() => connectSocket({ port: -1 }, "there"))).rejects.toThrow(RangeError);
});
