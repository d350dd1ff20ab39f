import { ArgumentError, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  asyncDispose,
  cancelShieldedCheckpoint,
  CancelScope,
  checkpoint,
  moveOnAfter,
  openNursery,
  sleep,
  type Closeable,
  type Operation,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("asyncDispose", () => {
  test("calls the first of aclose, asyncDispose and dispose that is there, on the resource", async () => {
    const { run, trace, log } = virtualRun();
    const note = (what: string) =>
      function (this: { readonly name: string }): void {
        log(`${what} of ${this.name}`);
      };
    const dispose = { [Symbol.dispose]: note("dispose") };
    const disposeAsync = {
      async [Symbol.asyncDispose](): Promise<void> {
        log(`asyncDispose of ${(this as unknown as { name: string }).name}`);
      },
    };
    const aclose = {
      *aclose(): Operation<void> {
        log(`aclose of ${(this as unknown as { name: string }).name}`);
        yield* checkpoint();
      },
    };
    await run(function* () {
      yield* asyncDispose({ name: "a", ...dispose } as Closeable);
      yield* asyncDispose({ name: "b", ...dispose, ...disposeAsync } as Closeable);
      yield* asyncDispose({ name: "c", ...dispose, ...disposeAsync, ...aclose } as Closeable);
    });
    expect(trace.messages).toEqual(["dispose of a", "asyncDispose of b", "aclose of c"]);
  });

  test("waits for the promise, and not for one that is not there", async () => {
    const { run, host, trace, log } = virtualRun();
    await run(function* () {
      yield* asyncDispose({
        [Symbol.asyncDispose]: () =>
          new Promise<void>(
            (resolve) =>
              void setImmediate(() => {
                log("disposed");
                resolve();
              }),
          ),
      });
      log("goes on");
      yield* asyncDispose({ [Symbol.asyncDispose]: () => undefined as never });
    });
    expect(trace.messages).toEqual(["disposed", "goes on"]);
    expect(host.held).toEqual([]);
  });

  test.each([
    ["dispose throws", (error: unknown) => ({ [Symbol.dispose]: () => raise(error) })],
    ["asyncDispose throws", (error: unknown) => ({ [Symbol.asyncDispose]: () => raise(error) })],
    [
      "asyncDispose rejects",
      (error: unknown) => ({ [Symbol.asyncDispose]: () => Promise.reject(error) }),
    ],
    ["aclose throws", (error: unknown) => ({ aclose: () => raise(error) })],
  ])("throws the very error where %s", async (_name, make) => {
    const { run } = virtualRun();
    const error = new Error("of closing");
    expect(await rejectionOf(run(() => asyncDispose(make(error))))).toBe(error);
  });

  test("is not stopped by a cancellation, neither before nor meanwhile", async () => {
    const { run, trace, log } = virtualRun();
    const resource = (after: () => void): AsyncDisposable => ({
      [Symbol.asyncDispose]: () =>
        new Promise((resolve) => {
          after();
          setImmediate(() => {
            log("disposed");
            resolve();
          });
        }),
    });
    await run(() =>
      openNursery(function* (nursery) {
        yield* asyncDispose(resource(() => nursery.cancelScope.cancel()));
        log("goes on");
        yield* asyncDispose(resource(() => {}));
        log("goes on");
        yield* checkpoint();
        log("went on after the cancel");
      }),
    );
    expect(trace.messages).toEqual(["disposed", "goes on", "disposed", "goes on"]);
  });

  test("lets an aclose hear of the cancellation, which closes by force then", async () => {
    const { run, trace, log } = virtualRun();
    const resource = {
      *aclose(): Operation<void> {
        try {
          yield* sleep(1000);
        } finally {
          log("closed");
        }
      },
    };
    const result = await run(() =>
      moveOnAfter(10, function* () {
        yield* asyncDispose(resource);
      }),
    );
    expect(result.cancelledCaught).toBe(true);
    expect(trace.entries).toEqual([[10, "closed"]]);
  });

  test("is no checkpoint where there is nothing to wait for", async () => {
    const { run } = virtualRun();
    const scope = new CancelScope();
    const result = await run(() =>
      scope.run(function* () {
        scope.cancel();
        yield* asyncDispose({ [Symbol.dispose]: () => {} });
        yield* cancelShieldedCheckpoint();
        return "went on";
      }),
    );
    expect(result.value).toBe("went on");
  });

  test.each([
    [{}, "an Object"],
    [undefined, "undefined"],
    [null, "null"],
    [5, "5 (number)"],
    [{ aclose: 5 }, "an Object"],
  ])("refuses what cannot be closed: %s", async (value, text) => {
    const { run } = virtualRun();
    const main = (): Operation<void> => asyncDispose(value as Closeable);
    await expect(run(main)).rejects.toThrow(ArgumentError);
    await expect(run(main)).rejects.toThrow(`Cannot close ${text}: it has neither 'aclose'`);
  });

  test("says what it wants of an aclose that is an async function", async () => {
    const { run } = virtualRun();
    const main = (): Operation<void> =>
      asyncDispose({ aclose: async () => {} } as unknown as Closeable);
    await expect(run(main)).rejects.toThrow(WrongFlavorError);
  });
});

function raise(error: unknown): never {
  throw error;
}
