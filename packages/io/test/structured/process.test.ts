import { ArgumentError } from "@trestle/host";
import {
  ClosedResourceError,
  moveOnAfter,
  openNursery,
  run,
  sleepForever,
  using,
} from "@trestle/structured";
import { BufferedReceiveStream, type ReceiveStream } from "@trestle/structured/streams";
import { afterEach, expect, test, vi } from "vitest";
import { openProcess } from "../../src/structured/open-process.js";
import type { Process } from "../../src/structured/process.js";
import { bytes, isAlive, text, until } from "../processes.js";

const piped = { stdin: "pipe", stdout: "pipe" } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

test("T198: talks over its pipes, line by line, until the end of its input", async () => {
  const lines = await run(() =>
    using(openProcess(["cat"], piped), function* (cat: Process) {
      const reader = new BufferedReceiveStream(cat.stdout as ReceiveStream);
      const heard: unknown[] = [];
      for (const line of ["ping", "pong"]) {
        yield* cat.stdio!.sendAll(bytes(`${line}\n`));
        heard.push(yield* reader.readLine());
      }
      yield* cat.stdio!.sendEof();
      heard.push(yield* reader.readLine(), yield* cat.wait(), yield* cat.wait());
      return heard;
    }),
  );
  expect(lines).toEqual(["ping", "pong", undefined, 0, 0]);
});

test("PROC-17, T195, T196: tells what it runs and how it stands", async () => {
  await run(() =>
    using(openProcess(["cat"], piped), function* (cat: Process) {
      expect(cat.command).toEqual({ program: "cat", args: [] });
      expect([cat.returnCode, String(cat)]).toEqual([
        undefined,
        `process ${cat.pid} 'cat' (running)`,
      ]);
      yield* cat.stdin!.aclose();
      expect(yield* cat.wait()).toBe(0);
      expect(String(cat)).toBe(`process ${cat.pid} 'cat' (code 0)`);
      const killed = yield* openProcess(["sleep", "1000"]);
      killed.kill();
      expect(yield* killed.wait()).toBe(-9);
      expect(String(killed)).toContain("(SIGKILL)");
      expect([killed.stdin, killed.stdout, killed.stderr, killed.stdio]).toEqual(
        Array.from({ length: 4 }),
      );
    }),
  );
});

test("T197: several wait, some are cancelled, and the others get the code", async () => {
  const codes: unknown[] = [];
  await run(() =>
    using(openProcess(["cat"], piped), (cat: Process) =>
      openNursery(function* (nursery) {
        for (let i = 0; i < 3; i++) {
          nursery.startSoon(function* () {
            codes.push(yield* cat.wait());
          });
        }
        yield* moveOnAfter(5, () => cat.wait());
        expect(cat.returnCode).toBeUndefined();
        yield* cat.stdin!.aclose();
      }),
    ),
  );
  expect(codes).toEqual([0, 0, 0]);
});

test("T204: signals give the number with a minus", async () => {
  const codes = await run(function* () {
    const found: unknown[] = [];
    for (const signal of ["SIGTERM", "SIGKILL", "SIGHUP"] as const) {
      const process = yield* openProcess(["sleep", "1000"]);
      if (signal === "SIGTERM") process.terminate();
      else if (signal === "SIGKILL") process.kill();
      else process.sendSignal(signal);
      found.push(yield* process.wait());
      process.terminate();
    }
    const last = yield* openProcess(["true"]);
    expect(() => last.sendSignal("SIGNONE" as never)).toThrow(ArgumentError);
    return found;
  });
  expect(codes).toEqual([-15, -9, -1]);
});

test("its end is the end of its block: SIGTERM, and its pipes are closed", async () => {
  const process = await run(() =>
    using(openProcess(["cat"], { ...piped, stderr: "pipe" }), function* (cat: Process) {
      return cat;
    }),
  );
  expect(process.signal).toBe("SIGTERM");
  const [stdin, stdout] = [process.stdin!, process.stdout!];
  await expect(run(() => stdin.sendAll(bytes("more")))).rejects.toThrow(ClosedResourceError);
  await expect(run(() => stdout.receiveSome())).rejects.toThrow(ClosedResourceError);
});

test("a cancellation waits for its end, shielded, and comes out then", async () => {
  const spy = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const ended = await run(() =>
    moveOnAfter(10_000, (scope) =>
      using(
        openProcess(["sh", "-c", "trap '' TERM; echo ready; exec sleep 1000"], {
          gracePeriod: 50,
          ...piped,
        }),
        function* (stubborn: Process) {
          yield* stubborn.stdout!.receiveSome();
          scope.cancel();
          yield* sleepForever();
        },
      ),
    ),
  );
  expect([ended.cancelledCaught, spy.mock.calls.length]).toEqual([true, 1]);
});

test("one that may be left running is let go of at the end of its block", async () => {
  const { pid } = await run(() =>
    using(openProcess(["sleep", "1000"], { leaveRunning: true }), function* (left: Process) {
      return left;
    }),
  );
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
});

test("its streams are closed like others", async () => {
  await run(() =>
    using(openProcess(["cat"], piped), function* (cat: Process) {
      yield* cat.stdin!.aclose();
      let failure: unknown;
      try {
        yield* cat.stdin!.sendAll(bytes("more"));
      } catch (error) {
        failure = error;
      }
      expect(failure).toBeInstanceOf(ClosedResourceError);
    }),
  );
});

test("closing our end of its output breaks its writing", async () => {
  const code = await run(() =>
    using(
      openProcess(["sh", "-c", "trap '' PIPE; while echo y; do :; done; exit 3"], {
        stdout: "pipe",
        stderr: "ignore",
      }),
      function* (yes: Process) {
        expect(text(yield* yes.stdout!.receiveSome(1))).toBe("y");
        yield* yes.stdout!.aclose();
        return yield* yes.wait();
      },
    ),
  );
  expect(code).toBe(3);
});
