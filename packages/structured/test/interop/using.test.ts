import { ArgumentError, ExceptionGroup, WrongFlavorError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  abortable,
  CancelScope,
  checkpoint,
  moveOnAfter,
  openNursery,
  run as runOn,
  sleep,
  using,
  type Closeable,
  type Operation,
} from "../../src/index.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

/** A resource that counts how often it was closed, and may fail to. */
class Door implements AsyncDisposable {
  closed = 0;
  readonly #error: Error | undefined;

  constructor(error?: Error) {
    this.#error = error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed++;
    await Promise.resolve();
    if (this.#error !== undefined) throw this.#error;
  }
}

describe("using", () => {
  test("runs the body with the resource and arguments, then closes it, and gives the value", async () => {
    const { run } = virtualRun();
    const door = new Door();
    const value = await run(() =>
      using(
        door,
        function* (opened, word) {
          expect(opened).toBe(door);
          yield* sleep(1);
          expect(opened.closed).toBe(0);
          return word.length;
        },
        "word",
      ),
    );
    expect(value).toBe(4);
    expect(door.closed).toBe(1);
  });

  test("opens by an operation, or by a function", async () => {
    const { run } = virtualRun();
    const opened: Door[] = [];
    function* open(): Operation<Door> {
      yield* sleep(5);
      const door = new Door();
      opened.push(door);
      return door;
    }
    function* look(door: Door): Operation<number> {
      yield* checkpoint();
      return door.closed;
    }
    expect(await run(() => using(open(), look))).toBe(0);
    expect(await run(() => using(open, look))).toBe(0);
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  test("takes a class with aclose, a Disposable, and a function that can be disposed of", async () => {
    const { run, trace, log } = virtualRun();
    const disposable = { [Symbol.dispose]: () => log("disposed") };
    const callable = Object.assign(() => log("called"), disposable);
    const closable = {
      *aclose(): Operation<void> {
        yield* checkpoint();
        log("closed");
      },
    };
    await run(function* () {
      yield* using(disposable, () => checkpoint());
      yield* using(callable, function* (call) {
        call();
      });
      yield* using(closable, () => checkpoint());
    });
    expect(trace.messages).toEqual(["disposed", "called", "disposed", "closed"]);
  });

  test("opens by a generator, also where generators can be disposed of", async () => {
    const { run } = virtualRun();
    const door = new Door();
    function* open(): Operation<Door> {
      yield* checkpoint();
      return door;
    }
    const generator = Object.assign(open(), { [Symbol.dispose]: () => {} });
    await run(() => using(generator as Operation<Door>, () => checkpoint()));
    expect(door.closed).toBe(1);
  });

  test("closes nothing where the opening fails, or is cancelled", async () => {
    const { run } = virtualRun();
    const error = new Error("of opening");
    const failing = (): Operation<never> =>
      using(
        function* (): Operation<Door> {
          yield* checkpoint();
          throw error;
        },
        () => raise(new Error("the body was run")),
      );
    expect(await rejectionOf(run(failing))).toBe(error);
    const result = await run(() =>
      moveOnAfter(1, () =>
        using(
          function* (): Operation<Door> {
            yield* sleep(10);
            return new Door();
          },
          () => raise(new Error("the body was run")),
        ),
      ),
    );
    expect(result.cancelledCaught).toBe(true);
  });

  test("closes what an opening gave although it was cancelled meanwhile", async () => {
    const { run, log, trace } = virtualRun();
    const door = new Door();
    let opened: (door: Door) => void = () => {};
    await run(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          nursery.cancelScope.cancel();
          opened(door);
        });
        yield* using(
          abortable(
            () =>
              new Promise<Door>((resolve) => {
                opened = resolve;
              }),
          ),
          function* () {
            log("in the body");
            yield* checkpoint();
            log("went on");
          },
        );
      }),
    );
    expect(trace.messages).toEqual(["in the body"]);
    expect(door.closed).toBe(1);
  });

  test("closes, and waits for that, where the body is cancelled", async () => {
    const { run } = virtualRun();
    const door = new Door();
    const scope = new CancelScope({ relativeDeadline: 10 });
    await run(() => scope.run(() => using(door, () => sleep(100))));
    expect(scope.cancelledCaught).toBe(true);
    expect(door.closed).toBe(1);
  });

  test("closes where the body is no structured function", async () => {
    const { run } = virtualRun();
    const doors = [new Door(), new Door()] as const;
    await expect(run(() => using(doors[0], 5 as never))).rejects.toThrow(WrongFlavorError);
    await expect(run(() => using(doors[1], (async () => {}) as never))).rejects.toThrow(
      WrongFlavorError,
    );
    expect(doors.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  test("closes the inner of two before the outer", async () => {
    const { run, trace, log } = virtualRun();
    const named = (name: string): Disposable => ({ [Symbol.dispose]: () => log(`closed ${name}`) });
    await run(() =>
      using(named("outer"), () =>
        using(named("inner"), function* () {
          log("body");
        }),
      ),
    );
    expect(trace.messages).toEqual(["body", "closed inner", "closed outer"]);
  });
});

describe("an error of the closing", () => {
  const ofClosing = new Error("of closing");

  test("comes out where the body ended well", async () => {
    const { run } = virtualRun();
    expect(await rejectionOf(run(() => using(new Door(ofClosing), () => checkpoint())))).toBe(
      ofClosing,
    );
  });

  test("does not hide the error of the body, which carries it", async () => {
    const { run } = virtualRun();
    const ofBody = new Error("of the body");
    const error = await rejectionOf(
      run(() =>
        using(new Door(ofClosing), function* () {
          yield* checkpoint();
          throw ofBody;
        }),
      ),
    );
    expect(error).toBe(ofBody);
    expect((error as { suppressed?: unknown }).suppressed).toEqual([ofClosing]);
  });

  test("is in a group with what is no error object", async () => {
    const { run } = virtualRun();
    const error = await rejectionOf(run(() => using(new Door(ofClosing), () => raise("a string"))));
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual(["a string", ofClosing]);
  });

  test("is not lost where the body was cancelled", async () => {
    const { run } = virtualRun();
    const main = (): Operation<unknown> =>
      moveOnAfter(10, () => using(new Door(ofClosing), () => sleep(100)));
    expect(await rejectionOf(run(main))).toBe(ofClosing);
  });
});

describe("what using refuses", () => {
  test.each([[{}], [5], [undefined], [null], [[]]])("what cannot be closed: %s", async (value) => {
    const main = (): Operation<unknown> =>
      using(value as unknown as Closeable, () => raise(new Error("the body was run")));
    await expect(runOn(main)).rejects.toThrow(ArgumentError);
  });

  test("what cannot be closed and came from an opening", async () => {
    const main = (): Operation<unknown> =>
      using(
        function* () {
          yield* checkpoint();
          return 5 as unknown as Closeable;
        },
        () => raise(new Error("the body was run")),
      );
    await expect(runOn(main)).rejects.toThrow(/^Cannot close 5 \(number\)/);
  });

  test("a promise, and says how it is opened", async () => {
    const main = (): Operation<unknown> =>
      using(Promise.resolve(new Door()) as unknown as Closeable, () => checkpoint());
    await expect(runOn(main)).rejects.toThrow(WrongFlavorError);
    await expect(runOn(main)).rejects.toThrow(/Open it with 'abortable\(\(\) => \.\.\.\)'/);
  });

  test("an async function", async () => {
    const main = (): Operation<unknown> =>
      using((async () => new Door()) as unknown as Closeable, () => checkpoint());
    await expect(runOn(main)).rejects.toThrow(WrongFlavorError);
  });
});

function raise(error: unknown): never {
  throw error;
}
