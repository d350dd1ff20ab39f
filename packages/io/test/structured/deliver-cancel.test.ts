import type { ExceptionGroup } from "@trestle/host";
import {
  isCancelled,
  openNursery,
  run,
  sleep,
  type Operation,
  type TaskStatus,
} from "@trestle/structured";
import { afterEach, expect, test, vi } from "vitest";
import type { DeliverCancel } from "../../src/structured/deliver-cancel.js";
import type { Process } from "../../src/structured/process.js";
import { runProcess } from "../../src/structured/run-process.js";
import { childStates } from "../processes.js";

const POLITE = "echo ready; exec sleep 1000";
const STUBBORN = "trap '' TERM; echo ready; exec sleep 1000";

afterEach(() => {
  vi.restoreAllMocks();
  expect(childStates()).toEqual([]);
});

/** Runs a process that is cancelled when it has said something, and gives how it ended and what came out of it. */
async function cancelled(
  line: string,
  deliverCancel: DeliverCancel | undefined,
  gracePeriod = 10_000,
): Promise<{ thrown: unknown; signal: unknown }> {
  let thrown: unknown;
  function* attempt(status: TaskStatus<Process>): Operation<void> {
    const options = { shell: true, stdout: "pipe", deliverCancel, gracePeriod, status } as const;
    try {
      yield* runProcess(line, options);
    } catch (error) {
      thrown = error;
    }
  }
  const signal = await run(() =>
    openNursery(function* (nursery) {
      const started = yield* nursery.start(attempt);
      yield* started.stdout!.receiveSome();
      nursery.cancelScope.cancel();
      return started;
    }),
  );
  return { thrown, signal: signal.signal };
}

test("PROC-10, T210: SIGTERM, a grace period, a warning, SIGKILL", async () => {
  const spy = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const polite = await cancelled(POLITE, undefined);
  expect([isCancelled(polite.thrown), polite.signal]).toEqual([true, "SIGTERM"]);
  expect(spy.mock.calls).toEqual([]);
  const stubborn = await cancelled(STUBBORN, undefined, 50);
  expect([isCancelled(stubborn.thrown), stubborn.signal]).toEqual([true, "SIGKILL"]);
  expect(spy.mock.calls).toHaveLength(1);
});

test("T207: a function of one's own ends it, shielded, and is cut off when it has ended", async () => {
  const log: string[] = [];
  const { thrown, signal } = await cancelled(POLITE, function* (process) {
    yield* sleep(1);
    process.sendSignal("SIGHUP");
    log.push("told");
    try {
      yield* sleep(100_000);
      log.push("slept");
    } finally {
      log.push("left");
    }
  });
  expect([isCancelled(thrown), signal, log]).toEqual([true, "SIGHUP", ["told", "left"]]);
});

test("T208: where it fails the process is killed, and its error comes out, in no group", async () => {
  const failure = new Error("no idea how");
  const { thrown, signal } = await cancelled(STUBBORN, function* () {
    throw failure;
  });
  expect([thrown, signal]).toEqual([failure, "SIGKILL"]);
});

test("where it does nothing, SIGKILL follows after the grace period", async () => {
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const { thrown, signal } = await cancelled(STUBBORN, function* () {}, 30);
  expect([isCancelled(thrown), signal]).toEqual([true, "SIGKILL"]);
});

test("an error that ended it and one of the function come out both", async () => {
  const failure = new Error("no idea how");
  const thrown = await run(() =>
    runProcess("trap '' PIPE TERM; while :; do echo more; done 2> /dev/null", {
      shell: true,
      captureStdout: true,
      captureLimit: 1000,
      deliverCancel: function* () {
        throw failure;
      },
    }),
  ).catch((error: unknown) => error);
  expect((thrown as ExceptionGroup).errors.map((error) => (error as Error).name)).toEqual([
    "CaptureLimitError",
    "Error",
  ]);
});
