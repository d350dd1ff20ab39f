import { getRunningLoop, run } from "@trestle/loop";
import type { StreamReader } from "@trestle/loop/streams";
import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import { pipeReader } from "../../src/loop/pipe-reader.js";
import { until } from "../processes.js";

const read = (pipe: Readable, limit?: number): StreamReader =>
  pipeReader(getRunningLoop(), pipe, { description: "a pipe", limit });

test("reads lines and everything, to the end", async () => {
  await run(async () => {
    const pipe = new PassThrough();
    const reader = read(pipe);
    pipe.write("one\ntw");
    expect(String(await reader.readline())).toBe("one\n");
    pipe.end("o\nthree");
    expect(String(await reader.read())).toBe("two\nthree");
    expect(reader.atEof()).toBe(true);
  });
});

test("takes no more than it wants to keep, and everything in the end", async () => {
  await run(async () => {
    let given = 0;
    const pipe = new Readable({
      read() {
        given += 1000;
        this.push(given > 1_000_000 ? null : Buffer.alloc(1000, "x"));
      },
    });
    const reader = read(pipe, 10_000);
    // What nobody takes stays with the pipe, until it is full.
    await until(() => given > 1_000_000 || pipe.readableLength >= pipe.readableHighWaterMark);
    expect(given).toBeLessThan(120_000);
    expect((await reader.read()).length).toBe(1_000_000);
  });
});

test("one that has ended before ends, and one that breaks fails", async () => {
  await run(async () => {
    const over = new PassThrough();
    over.end();
    over.resume();
    await until(() => over.closed);
    expect(await read(over).read()).toEqual(Buffer.alloc(0));
    const broken = new PassThrough();
    const reader = read(broken);
    broken.destroy(new Error("disk on fire"));
    await expect(reader.read()).rejects.toThrow("disk on fire");
    const closed = new PassThrough();
    const last = read(closed);
    closed.destroy();
    expect((await last.read()).length).toBe(0);
  });
});
