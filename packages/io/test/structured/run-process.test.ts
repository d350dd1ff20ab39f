import { ArgumentError, type ExceptionGroup, WrongFlavorError } from "@trestle/host";
import {
  checkpoint,
  isCancelled,
  moveOnAfter,
  openNursery,
  run,
  sleep,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { eachChunk, fromReadable } from "@trestle/structured/streams";
import { VirtualHost } from "@trestle/testing";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { outputSoFar } from "../../src/process/output-so-far.js";
import { ProcessFailedError } from "../../src/process/process-failed-error.js";
import { ProgramNotFoundError } from "../../src/process/start-errors.js";
import type { Process } from "../../src/structured/process.js";
import { runProcess, type RunProcessOptions } from "../../src/structured/run-process.js";
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
const sh = (line: string, options: RunProcessOptions = {}) =>
  runProcess(line, { shell: true, ...options });

afterEach(async () => {
  await until(() => childStates().length === 0);
});

test("PROC-1, T199: feeds and captures bytes, and gives what has become of it", async () => {
  const result = await run(() => sh("cat; echo wrong >&2", { stdin: bytes("hello"), ...both }));
  expect(result).toEqual({
    command: { shell: "cat; echo wrong >&2" },
    returnCode: 0,
    signal: undefined,
    stdout: bytes("hello"),
    stderr: bytes("wrong\n"),
  });
  const bare = await run(() => runProcess(["cat"]));
  expect([bare.returnCode, bare.stdout, bare.stderr]).toEqual([0, undefined, undefined]);
});

test("T199: an input is a stream, an open file, or this process's own", async () => {
  const stream = () =>
    fromReadable(Readable.from(["a ", "stream"].map(bytes), { objectMode: false }));
  const streamed = await run(() => runProcess(["cat"], { stdin: stream(), captureStdout: true }));
  expect(text(streamed.stdout)).toBe("a stream");
  const fd = openSync("package.json", "r");
  const filed = await run(() => runProcess(["head", "-c", "1"], { stdin: { fd }, ...both }));
  closeSync(fd);
  expect(text(filed.stdout)).toBe("{");
  expect((await run(() => runProcess(["true"], { stdin: "inherit" }))).returnCode).toBe(0);
});

test("PROC-2, T200: another code than 0 is an error with both outputs, unless it is not to be looked at", async () => {
  const error = await run(() => sh("echo out; echo err >&2; exit 3", both)).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ProcessFailedError);
  const { returnCode, stdout, stderr, command } = error as ProcessFailedError;
  expect([returnCode, text(stdout), text(stderr)]).toEqual([3, "out\n", "err\n"]);
  expect(command).toEqual({ shell: "echo out; echo err >&2; exit 3" });
  expect((await run(() => sh("exit 3", { check: false }))).returnCode).toBe(3);
  const killed = await run(() => sh("kill -9 $$", { check: false }));
  expect([killed.returnCode, killed.signal]).toEqual([-9, "SIGKILL"]);
});

test("PROC-8, T201: a process that reads nothing is a success, whatever the input", async () => {
  const input = new Uint8Array(1_000_000);
  await run(() => runProcess(["true"], { stdin: input }));
  const stream = fromReadable(Readable.from([input, input], { objectMode: false }));
  await run(() => runProcess(["true"], { stdin: stream }));
});

test("T202: joins the error output to the output", async () => {
  const { stdout } = await run(() =>
    sh("echo a; echo b >&2; echo c", { captureStdout: true, stderr: "stdout" }),
  );
  expect(text(stdout)).toBe("a\nb\nc\n");
});

test("T203: refuses what contradicts itself, at the call", () => {
  for (const options of [
    { captureStdout: true, stdout: "ignore" },
    { stdin: "hello" },
    { stdin: "pipe" },
    { captureLimit: -1 },
    { gracePeriod: -1 },
    { encoding: "utf8" },
  ]) {
    expect(() => runProcess(["true"], options as never)).toThrow(ArgumentError);
  }
  expect(() => runProcess("true")).toThrow("shell: true");
  const deliverCancel = (async () => {}) as never;
  expect(() => runProcess(["true"], { deliverCancel })).toThrow(WrongFlavorError);
});

test("PROC-9: a cancellation ends it first, and the error has what came until then", async () => {
  let error: unknown;
  const { file, isThere } = signpost();
  const { cancelledCaught } = await run(() =>
    moveOnAfter(10_000, function* (scope) {
      try {
        const line = `trap 'echo bye; exit' TERM; echo begun; read go; echo > ${file}; while :; do sleep 0.01; done`;
        yield* openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            // It has been fed, so whatever it has written is gathered.
            while (!isThere()) yield* sleep(1);
            scope.cancel();
          });
          yield* catching(
            () => sh(line, { stdin: bytes("go\n"), ...both }),
            (thrown) => (error = thrown),
          );
        });
      } finally {
        expect(childStates()).toEqual([]);
      }
    }),
  );
  expect([cancelledCaught, isCancelled(error)]).toEqual([true, true]);
  const { stdout, stderr } = outputSoFar(error) ?? {};
  expect([text(stdout), text(stderr)]).toEqual(["begun\nbye\n", ""]);
});

test("cancelled before the system has said that it runs, it ends in the same way, and what it has written is told", async () => {
  let error: unknown;
  const { file, isThere } = signpost();
  await run(() =>
    openNursery(function* (nursery) {
      const line = `trap 'echo bye; exit' TERM; echo begun; echo > ${file}; while :; do sleep 0.01; done`;
      nursery.startSoon(() =>
        catching(
          () => sh(line, both),
          (thrown) => (error = thrown),
        ),
      );
      yield* checkpoint();
      // It writes while nothing here has a turn.
      blockUntil(isThere);
      nursery.cancelScope.cancel();
    }),
  );
  expect(isCancelled(error)).toBe(true);
  expect(text(outputSoFar(error)?.stdout)).toBe("begun\nbye\n");
  expect(childStates()).toEqual([]);
});

test("is not started where it is cancelled already", async () => {
  const { file, isThere } = signpost();
  await run(function* () {
    const { cancelledCaught } = yield* moveOnAfter(0, () => runProcess(["touch", file]));
    expect(cancelledCaught).toBe(true);
  });
  expect([isThere(), childStates()]).toEqual([false, []]);
});

function* catching<T>(body: () => Operation<T>, caught: (error: unknown) => void): Operation<T> {
  try {
    return yield* body();
  } catch (error) {
    caught(error);
    throw error;
  }
}

test("PROC-6: a nursery starts it, and gives its pipes to use", async () => {
  const said = await run(() =>
    openNursery(function* (nursery) {
      const cat = yield* nursery.start<Process, []>((status) =>
        runProcess(["cat"], { stdin: "pipe", stdout: "pipe", captureStderr: true, status }),
      );
      expect(cat.stderr).toBeUndefined();
      yield* cat.stdin!.sendAll(bytes("hello"));
      yield* cat.stdin!.aclose();
      yield* cat.wait();
      // It has ended, and so has its run, but what it wrote is there.
      while (nursery.childTasks.length > 0) yield* sleep(1);
      let all = "";
      yield* eachChunk(cat.stdout!, function* (chunk) {
        all += text(chunk);
      });
      return all;
    }),
  );
  expect(said).toBe("hello");
});

test("T211: one in the background that fails ends the nursery", async () => {
  const failing = run(() =>
    openNursery(function* (nursery) {
      yield* nursery.start<Process, []>((status) => sh("sleep 0.05; exit 5", { status }));
      yield* sleepForever();
    }),
  );
  const group = (await failing.catch((error: unknown) => error)) as ExceptionGroup;
  expect(group.errors).toMatchObject([{ code: "TRESTLE_PROCESS_FAILED", returnCode: 5 }]);
});

test("PROC-7: errors of the start come out as they are", async () => {
  await expect(run(() => runProcess(["trestle-none"], both))).rejects.toThrow(ProgramNotFoundError);
});

test("PROC-15, T212: no descriptor is left open, whatever happens", async () => {
  const before = openDescriptors();
  await run(function* () {
    for (let i = 0; i < 5; i++) {
      yield* sh("cat", { stdin: bytes("x"), ...both });
      yield* sh("exit 1", { captureStdout: true, stderr: "stdout", check: false });
      yield* moveOnAfter(i, () => sh("exec sleep 1000", both));
      yield* swallow(() => runProcess(["trestle-none"], both));
    }
  });
  await vi.waitFor(() => expect(openDescriptors()).toBe(before));
});

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function* swallow(body: () => Operation<unknown>): Operation<void> {
  try {
    yield* body();
  } catch (error) {
    if (isCancelled(error)) throw error;
  }
}

test("a group of processes ends with its leader", async () => {
  const { file } = signpost();
  const line = `sleep 1000 & echo $! > ${file}; (sleep 1000; true)`;
  await run(() =>
    openNursery(function* (nursery) {
      nursery.startSoon(() => sh(line, { processGroup: true, ...both }));
      while (readIfThere(file) === "") yield* sleep(1);
      nursery.cancelScope.cancel();
    }),
  );
  const member = Number(readIfThere(file));
  await until(() => !isAlive(member));
});

test("runs on virtual time", async () => {
  const host = new VirtualHost();
  const result = await run(() => moveOnAfter(10, () => sh("sleep 0.1; echo late", both)), { host });
  expect([text(result.value?.stdout), host.now()]).toEqual(["late\n", 0]);
});

test("many at once", async () => {
  const before = openDescriptors();
  const sum = await run(function* () {
    let total = 0;
    yield* openNursery(function* (nursery) {
      for (let i = 0; i < 16; i++) {
        nursery.startSoon(function* () {
          const { stdout } = yield* runProcess(["echo", String(i)], both);
          total += Number(text(stdout));
        });
      }
    });
    return total;
  });
  expect(sum).toBe(120);
  await vi.waitFor(() => expect(openDescriptors()).toBe(before));
});
