import { ArgumentError } from "@trestle/host";
import { moveOnAfter, run, using } from "@trestle/structured";
import { eachChunk } from "@trestle/structured/streams";
import { VirtualHost } from "@trestle/testing";
import { expect, test, vi } from "vitest";
import { openProcess } from "../../src/structured/open-process.js";
import type { Process } from "../../src/structured/process.js";
import { ProgramNotFoundError, WorkingDirectoryError } from "../../src/process/start-errors.js";
import { childStates, openDescriptors, text } from "../processes.js";

test("opens a program, or a line for the shell, in a directory and with an environment", async () => {
  const options = { shell: true, stdout: "pipe", cwd: "/", env: { GREETING: "hello" } } as const;
  const output = await run(() =>
    using(openProcess("echo $GREETING; pwd", options), function* (shell: Process) {
      let all = "";
      yield* eachChunk(shell.stdout!, function* (chunk) {
        all += text(chunk);
      });
      return all;
    }),
  );
  expect(output).toBe("hello\n/\n");
});

test("PROC-7: errors of the opening come out as they are", async () => {
  await expect(run(() => openProcess(["trestle-none"]))).rejects.toThrow(ProgramNotFoundError);
  const options = { cwd: "/trestle/has/none" };
  await expect(run(() => openProcess(["true"], options))).rejects.toThrow(WorkingDirectoryError);
});

test("T203: wrong use is refused at the call", () => {
  for (const call of [
    () => openProcess("true"),
    () => openProcess(["true"], { shell: true }),
    () => openProcess([]),
    () => openProcess(["true"], { stdin: "text" as never }),
    () => openProcess(["true"], { encoding: "utf8" } as never),
    () => openProcess(["tr\0ue"]),
  ]) {
    expect(call).toThrow(ArgumentError);
  }
});

test("a cancelled task opens nothing that stays, whenever it is cancelled", async () => {
  const before = openDescriptors();
  await run(function* () {
    for (let ms = 0; ms < 10; ms++) {
      yield* moveOnAfter(ms, () =>
        using(
          () => openProcess(["sleep", "1000"], { stdin: "pipe", stdout: "pipe" }),
          (process: Process) => process.wait(),
        ),
      );
    }
  });
  await vi.waitFor(() => expect([openDescriptors(), childStates()]).toEqual([before, []]));
});

test("runs on virtual time: its clock stands still while a process is waited for", async () => {
  const host = new VirtualHost();
  const code = await run(
    () =>
      moveOnAfter(1000, function* () {
        const process = yield* openProcess(["sh", "-c", "sleep 0.1; exit 5"]);
        return yield* process.wait();
      }),
    { host },
  );
  expect([code.value, host.now()]).toEqual([5, 0]);
});

test("a child that writes without end into a reader that takes little is kept waiting", async () => {
  const heap = await run(() =>
    using(openProcess(["cat", "/dev/zero"], { stdout: "pipe" }), function* (endless: Process) {
      let most = 0;
      for (let i = 0; i < 200; i++) {
        yield* endless.stdout!.receiveSome(1000);
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
      return most;
    }),
  );
  expect(heap).toBeLessThan(64 * 1024 * 1024);
});
