import { ArgumentError } from "@trestle/host";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { NoLoopError } from "../../src/no-loop-error.js";
import { run } from "../../src/run.js";
import { connectWritePipe } from "../../src/streams/connect-write-pipe.js";
import { ConnectionLostError } from "../../src/streams/stream-errors.js";

test("writes into the input of a child, waits for room, and ends it", async () => {
  const child = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
  const echoed = text(child.stdout);
  await run(async () => {
    const writer = connectWritePipe(child.stdin as unknown as Socket, { name: "cat" });
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
    const writer = connectWritePipe(child.stdin as unknown as Socket);
    if (child.exitCode === null) await once(child, "exit");
    await expect(writer.waitClosed()).resolves.toBeUndefined();
    await expect(writer.drain()).rejects.toThrow(ConnectionLostError);
  });
});

test("answers wrong use in words", async () => {
  await run(async () => {
    expect(() => connectWritePipe({} as never)).toThrow(ArgumentError);
  });
  const child = spawn("true", { stdio: ["pipe", "ignore", "inherit"] });
  expect(() => connectWritePipe(child.stdin as unknown as Socket)).toThrow(NoLoopError);
  child.stdin.destroy();
  await once(child, "exit");
});
