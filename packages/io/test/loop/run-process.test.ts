import { ArgumentError } from "@trestle/host";
import { CancelledError, createTask, getRunningLoop, NoLoopError, run } from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { runProcess } from "../../src/loop/run-process.js";
import { CaptureLimitError } from "../../src/process/completion.js";
import { outputSoFar } from "../../src/process/output-so-far.js";
import { ProcessFailedError } from "../../src/process/process-failed-error.js";
import {
  blockUntil,
  bytes,
  childStates,
  isAlive,
  openDescriptors,
  signpost,
  text,
  until,
} from "../processes.js";

const both = { captureStdout: true, captureStderr: true } as const;

afterEach(() => {
  vi.restoreAllMocks();
  expect(childStates()).toEqual([]);
});

test("feeds and captures, and gives what has become of it", async () => {
  const before = openDescriptors();
  await run(async () => {
    const fed = await runProcess("cat; echo wrong >&2", {
      shell: true,
      stdin: bytes("hello"),
      ...both,
    });
    expect([text(fed.stdout), text(fed.stderr), fed.returnCode]).toEqual(["hello", "wrong\n", 0]);
    expect((await runProcess(["true"])).stdout).toBeUndefined();
    const joined = { shell: true, captureStdout: true, stderr: "stdout" } as const;
    expect(text((await runProcess("echo a; echo b >&2", joined)).stdout)).toBe("a\nb\n");
  });
  await vi.waitFor(() => expect(openDescriptors()).toBe(before));
});

test("another code than 0 is an error, unless it is not to be looked at", async () => {
  await run(async () => {
    const failing = runProcess("echo out; exit 3", { shell: true, ...both });
    const error = (await failing.catch((e: unknown) => e)) as ProcessFailedError;
    expect(error).toBeInstanceOf(ProcessFailedError);
    expect([error.returnCode, text(error.stdout)]).toEqual([3, "out\n"]);
    const passed = await runProcess("exit 3", { shell: true, check: false });
    expect(passed.returnCode).toBe(3);
  });
});

test("a cancellation ends it first, also a second one, and the error has what came until then", async () => {
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const { file, isThere } = signpost();
  const error = await run(async () => {
    const line = `trap '' TERM; echo begun; read go; echo > ${file}; while :; do sleep 0.01; done`;
    let thrown: unknown;
    const task = createTask(async () => {
      try {
        await runProcess(line, { shell: true, gracePeriod: 100, stdin: bytes("go\n"), ...both });
      } catch (caught) {
        thrown = caught;
      }
    });
    // It has been fed, so the task knows that it has started.
    await until(isThere);
    task.cancel();
    getRunningLoop().callLater(20, () => void task.cancel());
    await task;
    expect(childStates()).toEqual([]);
    return thrown;
  });
  expect(error).toBeInstanceOf(CancelledError);
  expect(text(outputSoFar(error)?.stdout)).toBe("begun\n");
});

test.each(["task", "signal"])(
  "cancelled by its %s before the system has said that it runs, it ends in the same way, and what it has written is told",
  async (by) => {
    const { file, isThere } = signpost();
    const controller = new AbortController();
    let error: unknown;
    await run(async () => {
      const task = createTask(async () => {
        const line = `trap 'echo bye; exit' TERM; echo begun; echo > ${file}; while :; do sleep 0.01; done`;
        const ended = runProcess(line, { shell: true, signal: controller.signal, ...both });
        // It writes while nothing here has a turn.
        blockUntil(isThere);
        if (by === "task") task.cancel();
        else controller.abort();
        await ended.catch((thrown: unknown) => (error = thrown));
      });
      await task;
    });
    if (by === "task") expect(error).toBeInstanceOf(CancelledError);
    else expect(error).toBe(controller.signal.reason);
    expect(text(outputSoFar(error)?.stdout)).toBe("begun\nbye\n");
    expect(childStates()).toEqual([]);
  },
);

test("a cancellation after its end ends what is left of its group, which keeps the output open", async () => {
  await run(async () => {
    const { file, isThere } = signpost();
    const line = `echo $$ > ${file}; sleep 1000 & echo out`;
    const options = { shell: true, processGroup: true, captureStdout: true } as const;
    let thrown: unknown;
    const task = createTask(async () => {
      try {
        await runProcess(line, options);
      } catch (caught) {
        thrown = caught;
      }
    });
    await until(isThere);
    await until(() => childStates().length === 0);
    const group = Number(readFileSync(file, "utf8"));
    expect(isAlive(-group)).toBe(true);
    task.cancel();
    await task;
    expect(text(outputSoFar(thrown)?.stdout)).toBe("out\n");
    // The loop ends it at the latest.
    await until(() => !isAlive(-group));
  });
});

test("an abort ends it, and its reason comes out", async () => {
  await run(async () => {
    const controller = new AbortController();
    const { file, isThere } = signpost();
    const options = { shell: true, stdin: bytes("go\n"), signal: controller.signal, ...both };
    const running = runProcess(`read go; echo > ${file}; exec sleep 1000`, options);
    const reason = new Error("enough");
    await until(isThere);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(childStates()).toEqual([]);
  });
});

test("too much output ends it", async () => {
  await run(async () => {
    const running = runProcess(["cat", "/dev/zero"], { captureStdout: true, captureLimit: 1000 });
    const error = await running.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CaptureLimitError);
    expect(outputSoFar(error)?.stdout?.length).toBe(1000);
  });
});

test("runs on virtual time", async () => {
  const host = new VirtualHost();
  const { stdout } = await run(() => runProcess("sleep 0.1; echo late", { shell: true, ...both }), {
    host,
  });
  expect([text(stdout), host.now()]).toEqual(["late\n", 0]);
});

test("wrong use is refused", async () => {
  await run(async () => {
    await expect(runProcess("true")).rejects.toThrow(ArgumentError);
    await expect(runProcess(["true"], { stdin: "pipe" as never })).rejects.toThrow(ArgumentError);
  });
  await expect(runProcess(["true"])).rejects.toThrow(NoLoopError);
});
