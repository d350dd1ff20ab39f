import { ArgumentError } from "@trestle/host";
import { currentLoop, sleep } from "@trestle/loop";
import { describe, expect, test } from "vitest";
import { ShutdownError, type StructuredEventLoop } from "../src/index.js";
import { groupedErrorsOf } from "./rejection-of.js";
import { virtualBridge } from "./virtual-bridge.js";

describe("what is to be closed with the loop", () => {
  test("is closed when all tasks have ended and before the loop closes, the last one first (trio-asyncio 2.18)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      void loop.createTask(async () => {
        try {
          await sleep(1000);
        } finally {
          await sleep(10);
          log("task ends");
        }
      });
      for (const name of ["first", "second"]) {
        loop.autoclose({
          close: () => {
            log(`${name} closed in the loop: ${currentLoop() === loop && loop.isRunning()}`);
            loop.callSoon(log, `callback of ${name}`);
          },
        });
      }
      yield* loop.synchronize();
    });
    expect(trace.entries).toEqual([
      [10, "task ends"],
      [10, "second closed in the loop: true"],
      [10, "callback of second"],
      [10, "first closed in the loop: true"],
      [10, "callback of first"],
    ]);
  });

  test("says how: by the first of disposal, close and destroy that it has", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.autoclose({ destroy: () => log("destroy") });
      loop.autoclose({ close: () => log("close"), destroy: () => log("never") });
      loop.autoclose({ [Symbol.dispose]: () => log("dispose"), close: () => log("never") });
      loop.autoclose({
        [Symbol.asyncDispose]: async () => log("async dispose"),
        [Symbol.dispose]: () => log("never"),
      });
      const socket = { end: () => log("end") };
      loop.autoclose(socket, ({ end }) => end());
    });
    expect(trace.messages).toEqual(["end", "async dispose", "dispose", "close", "destroy"]);
  });

  test("is waited for, one after the other", async () => {
    const { run, log, trace } = virtualBridge();
    const slow = (name: string) => ({
      async [Symbol.asyncDispose]() {
        await sleep(10);
        log(name);
      },
    });
    await run(function* (loop) {
      loop.autoclose(slow("first"));
      loop.autoclose(slow("second"));
    });
    expect(trace.entries).toEqual([
      [10, "second"],
      [20, "first"],
    ]);
  });

  test("is one thing however often it is given, and nothing once it is taken back (trio-asyncio 2.18)", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      const twice = { close: () => log("closed once") };
      const handedOn = { close: () => log("never") };
      loop.autoclose(twice);
      loop.autoclose(twice);
      loop.autoclose(handedOn);
      loop.noAutoclose(handedOn);
      expect(() => loop.noAutoclose(handedOn)).toThrow(
        /^Cannot keep .* open: it is not to be closed with this loop\.\n/,
      );
    });
    expect(trace.messages).toEqual(["closed once"]);
  });

  test("may be a descriptor, by its number or by what has it (trio-asyncio 2.18, 7, 16)", async () => {
    const { run } = virtualBridge();
    const closed: number[] = [];
    await run(
      function* (loop) {
        const socket = { fileno: () => 5 };
        loop.autoclose(socket);
        loop.autoclose(5);
        loop.autoclose(7);
        loop.autoclose(9);
        loop.noAutoclose({ fd: 9 });
      },
      { closeDescriptor: (descriptor) => closed.push(descriptor) },
    );
    expect(closed).toEqual([7, 5]);
  });

  test("closes itself where it can, also where it has a descriptor", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.autoclose({ fd: 5, close: () => log("closed by itself") });
    });
    expect(trace.messages).toEqual(["closed by itself"]);
  });

  test("may be a descriptor without anything that closes descriptors, if one says how", async () => {
    const { run } = virtualBridge();
    const closed: number[] = [];
    await run(function* (loop) {
      expect(() => loop.autoclose(5)).toThrow(
        "Cannot close descriptor 5 with the loop: nothing here can close descriptors.\n" +
          "Say how: 'loop.autoclose(descriptor, closeSync)', or open the loop with 'closeDescriptor'.",
      );
      loop.autoclose(5, (descriptor) => closed.push(descriptor));
    });
    expect(closed).toEqual([5]);
  });

  test("is closed also after errors, and its own come out of the block", async () => {
    const { run, log, trace } = virtualBridge();
    const [ofBody, first, second] = [new Error("of the body"), new Error("1"), new Error("2")];
    const errors = await groupedErrorsOf(
      run(function* (loop) {
        loop.autoclose({ close: () => log("closed") });
        loop.autoclose({ close: () => Promise.reject(second) });
        loop.autoclose({
          close: () => {
            throw first;
          },
        });
        throw ofBody;
      }),
    );
    expect(errors).toEqual([ofBody, first, second]);
    expect(trace.messages).toEqual(["closed"]);
  });

  test("may close something itself, and that is closed too", async () => {
    const { run, log, trace } = virtualBridge();
    await run(function* (loop) {
      loop.autoclose({
        close: () => {
          log("outer");
          loop.autoclose({ close: () => log("inner") });
        },
      });
    });
    expect(trace.messages).toEqual(["outer", "inner"]);
  });

  test("is asked to close, and named, when the grace has passed", async () => {
    const { run, log, trace, host } = virtualBridge();
    const errors = await groupedErrorsOf(
      run(
        function* (loop) {
          loop.autoclose({ close: () => log("closed") });
          void loop.createTask(async () => {
            for (let i = 0; i < 10; i++) await sleep(10).catch(() => {});
          });
          yield* loop.synchronize();
        },
        { shutdownGrace: 50 },
      ),
    );
    expect(errors).toEqual([expect.any(ShutdownError)]);
    expect((errors[0] as ShutdownError).left).toEqual([
      expect.stringMatching(/^task 'task-1' waits for/),
      expect.stringMatching(/^the closing of /),
    ]);
    expect(trace.entries).toEqual([[50, "closed"]]);
    expect(host.now()).toBe(50);
  });
});

test("a closing that takes too long is named, too", async () => {
  const { run } = virtualBridge();
  const errors = await groupedErrorsOf(
    run(
      function* (loop) {
        const server = { close: () => sleep(1000) };
        loop.autoclose(server, function stopServer({ close }) {
          return close();
        });
      },
      { shutdownGrace: 50 },
    ),
  );
  expect((errors[0] as ShutdownError).left).toEqual([
    expect.stringMatching(/^task 'the closing of .*' waits for a sleep of 1000 ms$/),
  ]);
});

test("what nobody can close is refused", async () => {
  const { run } = virtualBridge();
  const refused: unknown[] = [undefined, null, -1, 1.5, "5", {}, { fileno: () => -1 }, () => {}];
  await run(
    function* (loop: StructuredEventLoop) {
      for (const thing of refused) {
        expect(() => loop.autoclose(thing as number)).toThrow(ArgumentError);
        expect(() => loop.noAutoclose(thing)).toThrow(ArgumentError);
      }
    },
    { closeDescriptor: () => {} },
  );
});

test("async generators that the loop was given are closed before, in the loop (trio-asyncio 2.21)", async () => {
  const { run, log, trace } = virtualBridge();
  await run(function* (loop) {
    loop.autoclose({ close: () => log("closed") });
    void loop.createTask(async () => {
      const numbers = loop.trackAsyncgen(
        (async function* () {
          try {
            yield 1;
          } finally {
            await sleep(10);
            log(`finished in the loop: ${currentLoop() === loop}`);
          }
        })(),
      );
      await numbers.next();
    });
  });
  expect(trace.entries).toEqual([
    [10, "finished in the loop: true"],
    [10, "closed"],
  ]);
});
