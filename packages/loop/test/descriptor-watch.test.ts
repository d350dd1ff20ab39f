import { AsyncLocalStorage } from "node:async_hooks";
import { failure } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { currentTask, getRunningLoop } from "../src/current.js";
import type { EventLoop } from "../src/event-loop.js";
import { run } from "../src/run.js";
import { sleep } from "../src/sleep.js";
import { FakeIo } from "./inline-layers.js";

async function play(
  body: (loop: EventLoop, io: FakeIo, log: string[]) => Promise<void>,
): Promise<string[]> {
  const io = new FakeIo();
  const log: string[] = [];
  await run(() => body(getRunningLoop(), io, log), { host: new VirtualHost(), io });
  return log;
}

/** A descriptor that is watched holds the clock: what is ready now runs nevertheless. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await sleep(0);
}

test("is called again as long as the descriptor is ready, after what it made ready (trio-asyncio: R s R s)", async () => {
  const log = await play(async (loop, io, log) => {
    loop.addReader(5, () => {
      log.push("R");
      loop.callSoon(() => log.push("s"));
    });
    for (let i = 0; i < 2; i++) {
      expect(io.ready("reading 5")).toBe(true);
      expect(io.ready("reading 5")).toBe(false);
      await settled();
    }
  });
  expect(log).toEqual(["R", "s", "R", "s"]);
});

test("a second one takes the place of the first, and one that was cancelled is not called", async () => {
  const log = await play(async (loop, io, log) => {
    const first = loop.addReader(5, () => log.push("first"));
    io.ready("reading 5");
    const second = loop.addReader(5, () => log.push("second"));
    expect([first.cancelled(), second.cancelled()]).toEqual([true, false]);
    await settled();
    io.ready("reading 5");
    await settled();
    second.cancel();
    second.cancel();
    expect([io.ready("reading 5"), loop.removeReader(5), loop.removeReader(5)]).toEqual([
      false,
      false,
      false,
    ]);
  });
  expect(log).toEqual(["second"]);
});

test("reading and writing are watched apart, and each is removed once", async () => {
  await play(async (loop, io) => {
    loop.addReader(5, () => {});
    loop.addWriter(5, () => {});
    expect([...io.waiting.keys()]).toEqual(["reading 5", "writing 5"]);
    expect([loop.removeReader(5), loop.removeReader(5), loop.removeWriter({ fd: 5 })]).toEqual([
      true,
      false,
      true,
    ]);
    expect(io.waiting.size).toBe(0);
  });
});

test("one that removes itself is not armed again", async () => {
  const log = await play(async (loop, io, log) => {
    loop.addReader(5, () => {
      log.push("once");
      loop.removeReader(5);
    });
    io.ready("reading 5");
    await settled();
    expect(io.ready("reading 5")).toBe(false);
  });
  expect(log).toEqual(["once"]);
});

test("an error in it goes to the exception handler, and it stays; a failed wait ends it", async () => {
  const log = await play(async (loop, io, log) => {
    loop.setExceptionHandler((_, { message, exception, handle: about }) =>
      log.push(`${message}: ${String(exception)} ${about === handle}`),
    );
    const handle = loop.addReader(5, () => {
      throw new Error("oops");
    });
    io.ready("reading 5");
    await settled();
    io.ready("reading 5", failure(new Error("bad descriptor")));
    expect(handle.cancelled()).toBe(true);
  });
  expect(log).toEqual([
    "The callback for reading of descriptor 5 failed: Error: oops true",
    "Cannot wait for reading of descriptor 5: Error: bad descriptor true",
  ]);
});

test("runs in the context of the adding, in no task", async () => {
  const request = new AsyncLocalStorage<string>();
  const log = await play(async (loop, io, log) => {
    request.run("of the adding", () =>
      loop.addReader(5, () => log.push(`${request.getStore()} ${currentTask()?.name}`)),
    );
    io.ready("reading 5");
    await settled();
  });
  expect(log).toEqual(["of the adding undefined"]);
});

test("one that the layer refuses is over, and throws what the layer says", async () => {
  const host = new VirtualHost();
  const io = new FakeIo();
  io.watchDescriptor = () => {
    throw new Error("somebody else waits");
  };
  await run(
    async () => {
      expect(() => getRunningLoop().addReader(5, () => {})).toThrow("somebody else waits");
      expect(host.held).toEqual([]);
    },
    { host, io },
  );
});

test("holds the host until it is cancelled, so that a virtual clock does not pass by what may come", async () => {
  const host = new VirtualHost();
  await run(
    async () => {
      const handle = getRunningLoop().addReader(5, () => {});
      expect(host.held).toEqual(["reading of descriptor 5"]);
      handle.cancel();
      expect(host.held).toEqual([]);
    },
    { host, io: new FakeIo() },
  );
});
