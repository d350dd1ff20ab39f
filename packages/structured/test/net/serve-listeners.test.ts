import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test, vi } from "vitest";
import {
  moveOnAfter,
  NurseryClosedError,
  openNursery,
  sleep,
  sleepForever,
  type Nursery,
  type Operation,
} from "../../src/index.js";
import { GracefulStop, serveListeners, type ServeOptions } from "../../src/net.js";
import { groupedErrorsOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";
import { MemoryListener, type Connection } from "./memory-listener.js";

type Options = ServeOptions<Connection, MemoryListener>;

const errorOf = (code: string): Error => Object.assign(new Error(code), { code });

function mute(): ReturnType<typeof vi.spyOn> {
  return vi.spyOn(process, "emitWarning").mockImplementation(() => {});
}

describe("serveListeners", () => {
  test("T250: serves all listeners at once, closes each stream, and the listeners when it is cancelled (SRV-2, SRV-3)", async () => {
    const { run, trace, log } = virtualRun();
    const listeners = [new MemoryListener(), new MemoryListener()];
    function* handler({ name }: Connection): Operation<void> {
      yield* sleep(10);
      log(name);
    }
    await run(() =>
      openNursery(function* (nursery) {
        const started = yield* nursery.start<readonly MemoryListener[], []>((status) =>
          serveListeners(handler, listeners, { status }),
        );
        expect(started).toBe(listeners);
        for (const name of ["a", "b"]) for (const listener of listeners) listener.connect(name);
        yield* sleep(20);
        nursery.cancelScope.cancel();
      }),
    );
    expect(trace.entries).toEqual(["a", "a", "b", "b"].map((name) => [10, name]));
    for (const listener of listeners) {
      expect(listener.isClosed).toBe(true);
      expect(listener.accepted.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    }
  });

  test("SRV-2: closes its listeners also where it was cancelled before it began", async () => {
    const { run } = virtualRun();
    const listener = new MemoryListener();
    await run(() => moveOnAfter(0, () => serveListeners(sleepForever, [listener])));
    expect(listener.isClosed).toBe(true);
  });

  test("T250: an error of accept that nobody knows ends it (SRV-4)", async () => {
    for (const error of [new TypeError("unknown"), errorOf("ECONNABORTED")]) {
      const { run } = virtualRun();
      const listener = new MemoryListener();
      const other = new MemoryListener();
      listener.beforeAccept = () => {
        throw error;
      };
      const serving = run(() => serveListeners(sleepForever, [listener, other]));
      expect(await groupedErrorsOf(serving)).toEqual([error]);
      expect([listener.isClosed, other.isClosed]).toEqual([true, true]);
    }
  });

  test.each(["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS"])(
    "T250: tries again every 100 ms while the system says %s, and warns each time (SRV-4)",
    async (code) => {
      const { run, host } = virtualRun();
      const emitWarning = mute();
      const listener = new MemoryListener();
      const triedAt: number[] = [];
      listener.beforeAccept = () => {
        triedAt.push(host.now());
        throw errorOf(code);
      };
      await run(() => moveOnAfter(950, () => serveListeners(sleepForever, [listener])));
      expect(triedAt).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
      expect(emitWarning).toHaveBeenCalledTimes(10);
      expect(emitWarning).toHaveBeenLastCalledWith(
        `Cannot accept a connection: Error: ${code}. Retrying in 100 ms.`,
        { type: "TrestleWarning", code: "TRESTLE_ACCEPT_FAILED" },
      );
      expect(listener.isClosed).toBe(true);
    },
  );

  test("serves again when the system has recovered", async () => {
    const { run } = virtualRun();
    mute();
    const listener = new MemoryListener();
    let failures = 2;
    listener.beforeAccept = () => {
      if (failures-- > 0) throw errorOf("EMFILE");
    };
    const connection = listener.connect();
    await run(() => moveOnAfter(250, () => serveListeners(() => sleep(0), [listener])));
    expect(connection.isClosed).toBe(true);
  });

  test("T250: handlers in a nursery of their own outlive it (SRV-6)", async () => {
    const { run, host } = virtualRun();
    const listener = new MemoryListener();
    const connection = listener.connect();
    const main = (): Operation<void> =>
      openNursery(function* (handlerNursery) {
        const options: Options = { handlerNursery };
        yield* moveOnAfter(10, () => serveListeners(() => sleep(1000), [listener], options));
        expect(listener.isClosed).toBe(true);
        expect(handlerNursery.childTasks).toHaveLength(1);
        expect(connection.isClosed).toBe(false);
      });
    await run(main);
    expect(connection.isClosed).toBe(true);
    expect(host.now()).toBe(1000);
  });

  test("cancelled, it cancels its handlers, and closes their streams (SRV-6)", async () => {
    const { run, host } = virtualRun();
    const listener = new MemoryListener();
    const connection = listener.connect();
    await run(() => moveOnAfter(10, () => serveListeners(() => sleep(1000), [listener])));
    expect(connection.isClosed).toBe(true);
    expect(host.now()).toBe(10);
  });

  test("closes a connection that it has no nursery for", async () => {
    const { run } = virtualRun();
    const listener = new MemoryListener();
    let closed: Nursery | undefined;
    const serving = run(function* () {
      yield* openNursery(function* (nursery) {
        closed = nursery;
      });
      listener.connect();
      yield* serveListeners(sleepForever, [listener], { handlerNursery: closed as Nursery });
    });
    expect((await groupedErrorsOf(serving))[0]).toBeInstanceOf(NurseryClosedError);
    expect(listener.accepted[0]?.isClosed).toBe(true);
  });

  test("without listeners it has nothing to wait for", async () => {
    const { run } = virtualRun();
    await run(() => serveListeners(sleepForever, []));
  });
});

describe("an error of a handler", () => {
  function* failing({ name }: Connection): Operation<void> {
    yield* sleep(10);
    if (name === "bad") throw new Error("bad");
    yield* sleep(10);
  }

  test("SRV-5: is a warning, unless asked otherwise, and the server goes on", async () => {
    const { run } = virtualRun();
    const emitWarning = mute();
    const listener = new MemoryListener();
    listener.connect("bad");
    const good = listener.connect("good");
    await run(() => moveOnAfter(100, () => serveListeners(failing, [listener])));
    expect(emitWarning).toHaveBeenCalledTimes(1);
    expect(listener.accepted).toHaveLength(2);
    expect(good.isClosed).toBe(true);
  });

  test("SRV-5: ends the server where that is asked for", async () => {
    const { run, host } = virtualRun();
    const listener = new MemoryListener();
    listener.connect("bad");
    const good = listener.connect("good");
    const options: Options = { onHandlerError: "crash" };
    const serving = run(() => serveListeners(failing, [listener], options));
    expect(await groupedErrorsOf(serving)).toEqual([new Error("bad")]);
    expect(host.now()).toBe(10);
    expect([good.isClosed, listener.isClosed]).toEqual([true, true]);
  });

  test("SRV-5: goes to a function, with the stream", async () => {
    const { run } = virtualRun();
    const listener = new MemoryListener();
    const bad = listener.connect("bad");
    const seen: unknown[] = [];
    const options: Options = { onHandlerError: (error, stream) => seen.push(error, stream) };
    await run(() => moveOnAfter(100, () => serveListeners(failing, [listener], options)));
    expect(seen).toEqual([new Error("bad"), bad]);
  });

  test("is no error where the server was cancelled", async () => {
    const { run } = virtualRun();
    const listener = new MemoryListener();
    listener.connect("good");
    const seen: unknown[] = [];
    const options: Options = { onHandlerError: (error) => seen.push(error) };
    await run(() => moveOnAfter(5, () => serveListeners(failing, [listener], options)));
    expect(seen).toEqual([]);
  });

  test("may be a mistake: what is no structured function", async () => {
    const { run } = virtualRun();
    expect(() => serveListeners((async () => {}) as never, [])).toThrow(WrongFlavorError);
    expect(() => serveListeners(undefined as never, [])).toThrow(WrongFlavorError);
    expect(() => serveListeners(sleepForever, [], { onHandlerError: "log" as "warn" })).toThrow(
      ArgumentError,
    );
    const listener = new MemoryListener();
    const connection = listener.connect();
    const options: Options = { onHandlerError: "crash" };
    const serving = run(() => serveListeners((() => 5) as never, [listener], options));
    expect((await groupedErrorsOf(serving))[0]).toBeInstanceOf(WrongFlavorError);
    expect(connection.isClosed).toBe(true);
  });
});

describe("a graceful stop (SRV-7)", () => {
  test("takes no more connections, and returns when those that are there have ended", async () => {
    const { run, host, trace, log } = virtualRun();
    const stop = new GracefulStop();
    const listener = new MemoryListener();
    host.at(50, () => stop.request());
    for (const name of ["70", "30"]) listener.connect(name);
    await run(function* () {
      yield* serveListeners(
        function* ({ name }: Connection) {
          yield* sleep(Number(name));
          log(`${name} ended, the listener ${listener.isClosed ? "closed" : "open"}`);
        },
        [listener],
        { stop },
      );
      log("returned");
    });
    expect(trace.entries).toEqual([
      [30, "30 ended, the listener open"],
      [70, "70 ended, the listener closed"],
      [70, "returned"],
    ]);
    expect(listener.isClosed).toBe(true);
  });

  test("cancels what has not ended within the grace period", async () => {
    const { run, host, trace, log } = virtualRun();
    const stop = new GracefulStop();
    const listener = new MemoryListener();
    host.at(50, () => stop.request({ gracePeriod: 100 }));
    const connection = listener.connect();
    await run(function* () {
      yield* serveListeners(
        function* () {
          try {
            yield* sleepForever();
          } finally {
            log("cancelled");
          }
        },
        [listener],
        { stop },
      );
      log("returned");
    });
    expect(trace.entries).toEqual([
      [150, "cancelled"],
      [150, "returned"],
    ]);
    expect(connection.isClosed).toBe(true);
  });

  test("lets handlers see it, so that they can end between two pieces of work", async () => {
    const { run, host } = virtualRun();
    const stop = new GracefulStop();
    const listener = new MemoryListener();
    listener.connect();
    host.at(25, () => stop.request({ gracePeriod: 1000 }));
    await run(() =>
      serveListeners(
        function* () {
          while (!stop.isRequested) yield* sleep(10);
        },
        [listener],
        { stop },
      ),
    );
    expect(host.now()).toBe(30);
  });

  test("cancels only its own handlers in a nursery that others use too", async () => {
    const { run, host, trace, log } = virtualRun();
    const stop = new GracefulStop();
    const listener = new MemoryListener();
    host.at(10, () => stop.request({ gracePeriod: 0 }));
    const connection = listener.connect();
    await run(() =>
      openNursery(function* (handlerNursery) {
        handlerNursery.startSoon(function* () {
          yield* sleep(100);
          log("the other one");
        });
        yield* serveListeners(sleepForever, [listener], { stop, handlerNursery });
        log(`returned, the connection ${connection.isClosed ? "closed" : "open"}`);
      }),
    );
    expect(trace.entries).toEqual([
      [10, "returned, the connection closed"],
      [100, "the other one"],
    ]);
  });

  test("stops a server at once that begins after the request, and several servers together", async () => {
    const { run, host } = virtualRun();
    const stop = new GracefulStop();
    stop.request();
    const listeners = [new MemoryListener(), new MemoryListener()];
    await run(() =>
      openNursery(function* (nursery) {
        for (const listener of listeners)
          nursery.startSoon(() => serveListeners(sleepForever, [listener], { stop }));
      }),
    );
    expect(host.now()).toBe(0);
    expect(listeners.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  test("can be cancelled while it waits", async () => {
    const { run, host } = virtualRun();
    const stop = new GracefulStop();
    const listener = new MemoryListener();
    const connection = listener.connect();
    host.at(10, () => stop.request());
    await run(() => moveOnAfter(20, () => serveListeners(sleepForever, [listener], { stop })));
    expect(host.now()).toBe(20);
    expect(connection.isClosed).toBe(true);
  });
});
