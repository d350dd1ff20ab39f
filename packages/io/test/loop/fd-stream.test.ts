import { createTask, run, sleep, timeout, TimeoutError } from "@trestle/loop";
import { LimitOverrunError } from "@trestle/loop/streams";
import { describe, expect, test } from "vitest";
import { FdStream } from "../../src/loop/fd-stream.js";
import { openPipe } from "../../src/loop/open-pipe.js";
import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
} from "../../src/resource-errors.js";
import { addon, hasAddon } from "../open-pair.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.skipIf(!hasAddon)("FdStream", () => {
  test("writes much in pieces, while the other side reads", async () => {
    const data = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
    await run(async () => {
      const [near, far] = addon().socketPair() as [number, number];
      await using reader = new FdStream(near);
      const writer = new FdStream(far);
      const writing = createTask(async () => {
        await writer.write(data);
        writer.close();
      });
      let received = 0;
      for await (const chunk of reader) {
        expect(chunk.every((byte, i) => byte === data[received + i])).toBe(true);
        received += chunk.length;
      }
      await writing;
      expect(received).toBe(data.length);
    });
  });

  test("gives lines, and what a cancelled read had begun is there for the next", async () => {
    await run(async () => {
      const [reader, writer] = openPipe();
      await writer.write(bytes("one\ntw"));
      expect(await reader.readLine()).toBe("one");
      expect(await errorOf(timeout(1, () => reader.readLine()))).toBeInstanceOf(TimeoutError);
      await writer.write(bytes("o\r\nthree\nfour"));
      expect(await reader.read(5)).toEqual(bytes("tw"));
      writer.close();
      const lines: string[] = [];
      for await (const line of reader.lines()) lines.push(line);
      expect(lines).toEqual(["o", "three", "four"]);
      reader.close();
    });
  });

  test("refuses a line that is longer than the limit, and keeps it", async () => {
    await run(async () => {
      const [reader, writer] = openPipe();
      await writer.write(bytes("too long\n"));
      expect(await errorOf(reader.readLine({ limit: 3 }))).toBeInstanceOf(LimitOverrunError);
      expect(await reader.readLine()).toBe("too long");
      for (const end of [reader, writer]) end.close();
    });
  });

  test("one task reads, and what waits when it is closed fails", async () => {
    await run(async () => {
      const [reader, writer] = openPipe();
      const first = createTask(() => errorOf(reader.read()));
      await sleep(0);
      expect(await errorOf(reader.read())).toBeInstanceOf(BusyResourceError);
      reader.close();
      expect(await first).toBeInstanceOf(ClosedResourceError);
      expect(await errorOf(reader.read())).toBeInstanceOf(ClosedResourceError);
      expect(await errorOf(writer.write(bytes("x")))).toBeInstanceOf(BrokenResourceError);
      writer.close();
    });
  });

  test("ends a read by a signal", async () => {
    await run(async () => {
      const [reader, writer] = openPipe();
      const controller = new AbortController();
      const reading = createTask(() => errorOf(reader.read(1, { signal: controller.signal })));
      await sleep(0);
      controller.abort(new Error("enough"));
      expect(await reading).toMatchObject({ message: "enough" });
      for (const end of [reader, writer]) end.close();
    });
  });

  test("keeps its number while that is lent", async () => {
    await run(async () => {
      const [near, far] = addon().socketPair() as [number, number];
      const stream = new FdStream(near);
      await stream.lend(async (fd) => {
        stream.close();
        expect([fd, addon().isBlocking(fd)]).toEqual([near, 0]);
      });
      expect(addon().read(far, new Uint8Array(1))).toBe(0);
      new FdStream(far).close();
    });
  });
});
