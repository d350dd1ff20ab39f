import { ArgumentError } from "@trestle/host";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { NoLoopError } from "../../src/no-loop-error.js";
import { run } from "../../src/run.js";
import { connectWritePipe } from "../../src/streams/connect-write-pipe.js";
import { ConnectionLostError } from "../../src/streams/stream-errors.js";

test("writes into the input of a child, waits for room, and ends it", async () => {
  const child = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
  const echoed = text(child.stdout);
  await run(async () => {
    const writer = connectWritePipe(child.stdin, { name: "cat" });
    for (let i = 0; i < 100; i++) {
      writer.write("x".repeat(10_000));
      await writer.drain();
    }
    writer.close();
    await writer.waitClosed();
    expect(() => writer.write("more")).toThrow("'cat'");
  });
  expect((await echoed).length).toBe(1_000_000);
});

test("tells of a child that has ended", async () => {
  const child = spawn("true", { stdio: ["pipe", "ignore", "inherit"] });
  await run(async () => {
    const writer = connectWritePipe(child.stdin);
    if (child.exitCode === null) await once(child, "exit");
    await expect(writer.waitClosed()).resolves.toBeUndefined();
    await expect(writer.drain()).rejects.toThrow(ConnectionLostError);
  });
});

test("a pipe needs not be a socket, which Bun's are not", async () => {
  const written: string[] = [];
  const pipe = new Writable({
    highWaterMark: 4,
    write(chunk, _, done) {
      written.push(String(chunk));
      setImmediate(done);
    },
  });
  await run(async () => {
    const writer = connectWritePipe(pipe, { highWaterMark: 4 });
    for (const text of ["one two", "three"]) {
      writer.write(text);
      await writer.drain();
    }
    writer.close();
    await writer.waitClosed();
    await expect(writer.drain()).rejects.toThrow(ConnectionLostError);
  });
  expect(written).toEqual(["one two", "three"]);
});

test("what can only be written to is never read, for Deno's pipes break by that", async () => {
  const child = spawn("cat", { stdio: ["pipe", "ignore", "inherit"] });
  const read = vi.spyOn(child.stdin as Socket, "resume");
  await run(async () => {
    const writer = connectWritePipe(child.stdin);
    writer.close();
    await writer.waitClosed();
  });
  expect(read).not.toHaveBeenCalled();
});

test("answers wrong use in words", async () => {
  await run(async () => {
    expect(() => connectWritePipe({} as never)).toThrow(ArgumentError);
  });
  const child = spawn("true", { stdio: ["pipe", "ignore", "inherit"] });
  expect(() => connectWritePipe(child.stdin)).toThrow(NoLoopError);
  child.stdin.destroy();
  await once(child, "exit");
});
