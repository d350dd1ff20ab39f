import { expect, test, vi } from "vitest";
import { openNursery, sleep, sleepForever, type Operation } from "../../src/index.js";
import { ConnectionHandlers, type HandlerErrorPolicy } from "../../src/net/connection-handlers.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";
import { Connection } from "./memory-listener.js";

/** A connection that cannot be closed. */
class Stuck extends Connection {
  override *aclose(): Operation<void> {
    this.isClosed = true;
    throw new Error("of the closing");
  }
}

function serve(
  connections: readonly Connection[],
  handler: (connection: Connection) => Operation<unknown>,
  policy: HandlerErrorPolicy<Connection> = "crash",
): () => Operation<void> {
  return () =>
    openNursery(function* (nursery) {
      const handlers = new ConnectionHandlers(nursery, handler, policy);
      for (const connection of connections) handlers.start(connection);
    });
}

test("closes each connection, whether its handler returns or throws (SRV-3)", async () => {
  const { run } = virtualRun();
  const connections = [new Connection("good"), new Connection("bad")];
  const errors: [unknown, string][] = [];
  const bad = new Error("bad");
  const handler = function* ({ name }: Connection): Operation<void> {
    yield* sleep(1);
    if (name === "bad") throw bad;
  };
  await run(serve(connections, handler, (error, { name }) => void errors.push([error, name])));
  expect(connections.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  expect(errors).toEqual([[bad, "bad"]]);
});

test("gives the error of a handler rather than that of the closing after it", async () => {
  const { run } = virtualRun();
  const error = new Error("of the handler");
  const main = serve([new Stuck()], function* () {
    throw error;
  });
  expect(await groupedErrorsOf(run(main))).toEqual([error]);
});

test("gives the error of the closing where the handler has none", async () => {
  const { run } = virtualRun();
  const main = serve([new Stuck()], function* () {});
  expect(await groupedErrorsOf(run(main))).toEqual([new Error("of the closing")]);
});

test("a function that throws decides what comes out", async () => {
  const { run } = virtualRun();
  const other = new Error("of the policy");
  const main = serve(
    [new Connection()],
    function* () {
      throw new Error("of the handler");
    },
    () => {
      throw other;
    },
  );
  expect(await groupedErrorsOf(run(main))).toEqual([other]);
});

test("warns with the name of the handler and the error", async () => {
  const { run } = virtualRun();
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  function* greet(): Operation<void> {
    throw new Error("out of words");
  }
  await run(serve([new Connection()], greet, "warn"));
  const [message, options] = emitWarning.mock.calls[0] as unknown as [string, unknown];
  expect(options).toEqual({ type: "TrestleWarning", code: "TRESTLE_HANDLER_FAILED" });
  expect(message).toContain("Cannot go on serving a connection with 'greet'");
  expect(message).toContain("Error: out of words\n    at greet");
});

test("its tasks have the name of the handler", async () => {
  const { run } = virtualRun();
  const names: string[] = [];
  await run(() =>
    openNursery(function* (nursery) {
      function* greet(): Operation<void> {
        names.push(...nursery.childTasks.map(({ name }) => name));
      }
      new ConnectionHandlers<Connection>(nursery, greet, "crash").start(new Connection());
    }),
  );
  expect(names).toEqual(["greet"]);
});

test("waits for all of them, and cancels them alone", async () => {
  const { run, trace, log } = virtualRun();
  await run(() =>
    openNursery(function* (nursery) {
      const handlers = new ConnectionHandlers<Connection>(
        nursery,
        ({ name }) => {
          return name === "long" ? sleepForever() : sleep(10);
        },
        "crash",
      );
      yield* handlers.ended();
      log("none");
      const connections = [new Connection("short"), new Connection("long")];
      for (const connection of connections) handlers.start(connection);
      nursery.startSoon(function* () {
        yield* sleep(20);
        log(`closed: ${connections.map(({ isClosed }) => isClosed).join()}`);
        handlers.cancel("enough");
        yield* sleep(20);
        log("not cancelled");
      });
      yield* handlers.ended();
      log(`closed: ${connections.map(({ isClosed }) => isClosed).join()}`);
    }),
  );
  expect(trace.entries).toEqual([
    [0, "none"],
    [20, "closed: true,false"],
    [20, "closed: true,true"],
    [40, "not cancelled"],
  ]);
});
