import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { BrokenResourceError } from "../../src/index.js";
import { MemoryReceiveStream, MemorySendStream, memoryStreamPump } from "../../src/testing.js";
import { bytes, text } from "../streams/text.js";
import { virtualRun } from "../virtual-run.js";

describe("memoryStreamPump (TST-10, T247)", () => {
  test("moves so many bytes at most, then the rest, then the end", async () => {
    const { run } = virtualRun();
    const send = new MemorySendStream();
    const receive = new MemoryReceiveStream();
    expect(memoryStreamPump(send, receive)).toBe(false);
    await run(function* () {
      yield* send.sendAll(bytes("12345"));
      expect(memoryStreamPump(send, receive, { maxBytes: 1 })).toBe(true);
      expect(text(yield* receive.receiveSome())).toBe("1");
      expect(memoryStreamPump(send, receive)).toBe(true);
      expect(memoryStreamPump(send, receive)).toBe(false);
      expect(text(yield* receive.receiveSome())).toBe("2345");
      send.close();
      expect(memoryStreamPump(send, receive)).toBe(true);
      expect(yield* receive.receiveSome()).toHaveLength(0);
    });
  });

  test("is broken where the receiving stream is closed", async () => {
    const { run } = virtualRun();
    const send = new MemorySendStream();
    const receive = new MemoryReceiveStream();
    receive.close();
    await run(() => send.sendAll(bytes("x")));
    expect(() => memoryStreamPump(send, receive)).toThrow(BrokenResourceError);
  });

  test("refuses a number of bytes that is none", () => {
    const streams = [new MemorySendStream(), new MemoryReceiveStream()] as const;
    expect(() => memoryStreamPump(...streams, { maxBytes: 0 })).toThrow(ArgumentError);
  });
});
