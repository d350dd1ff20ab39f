// What @trestle/io does, feature by feature; see features.ts.
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BadDescriptorError, closeDescriptor, NotWatchableError, outputSoFar } from "@trestle/io";
import {
  createSubprocessExec,
  FdStream as LoopFdStream,
  ioLayer,
  runProcess as runProcessInLoop,
} from "@trestle/io/loop";
import {
  FdStream,
  openFile,
  openPipe,
  openProcess,
  openSignalReceiver,
  Path,
  runProcess,
  waitReadable,
  waitWritable,
  type Process,
  type SignalReceiver,
} from "@trestle/io/structured";
import { createTask, getRunningLoop, run as runLoop, sleep as pause } from "@trestle/loop";
import { moveOnAfter, openNursery, run, sleep, using, type Operation } from "@trestle/structured";
import { closing } from "@trestle/structured/streams";
import { codeOf, errorOf, expect, showFeatures, until } from "./features.js";

const encode = (given: string): Uint8Array => new TextEncoder().encode(given);
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

await showFeatures({
  async "`runProcess`: input, output, error output"() {
    const done = await run(() =>
      runProcess("sort; echo aside >&2", {
        shell: true,
        stdin: encode("b\na\n"),
        captureStdout: true,
        captureStderr: true,
      }),
    );
    expect([decode(done.stdout), decode(done.stderr), done.returnCode], ["a\nb\n", "aside\n", 0]);
  },

  async "`runProcess`: megabytes each way, and both outputs in their order"() {
    const input = new Uint8Array(4 << 20).fill(120);
    const copied = await run(() => runProcess(["cat"], { stdin: input, captureStdout: true }));
    expect(copied.stdout?.length, 4 << 20);
    const both = await run(() =>
      runProcess("echo one; echo two >&2; echo three", {
        shell: true,
        captureStdout: true,
        stderr: "stdout",
      }),
    );
    expect(decode(both.stdout), "one\ntwo\nthree\n");
  },

  async "`runProcess`: exit codes, signals, programs that are not there"() {
    const failed = (await errorOf(run(() => runProcess("exit 3", { shell: true })))) as {
      readonly returnCode?: number;
    };
    expect([codeOf(failed), failed.returnCode], ["TRESTLE_PROCESS_FAILED", 3]);
    const killed = (await errorOf(run(() => runProcess("kill -9 $$", { shell: true })))) as {
      readonly returnCode?: number;
    };
    expect([codeOf(killed), killed.returnCode], ["TRESTLE_PROCESS_FAILED", -9]);
    expect(
      codeOf(await errorOf(run(() => runProcess(["no-such-program"])))),
      "TRESTLE_PROGRAM_NOT_FOUND",
    );
    expect(
      codeOf(await errorOf(run(() => runProcess(["true"], { cwd: "/no/such" })))),
      "TRESTLE_WORKING_DIRECTORY",
    );
  },

  async "a cancelled process is asked to end, and what it had written is told"() {
    const heard: string[] = [];
    await inFolder((folder) =>
      run(() =>
        openNursery(function* (nursery) {
          const sign = path.join(folder, "begun");
          const program = `trap 'echo asked; exit' TERM; echo begun; : > ${sign}; while :; do sleep 0.01; done`;
          nursery.startSoon(function* (): Operation<void> {
            try {
              yield* runProcess(program, { shell: true, captureStdout: true });
            } catch (error) {
              heard.push(decode(outputSoFar(error)?.stdout));
              throw error;
            }
          });
          yield* untilThere(sign);
          nursery.cancelScope.cancel();
        }),
      ),
    );
    expect(heard, ["begun\nasked\n"]);
  },

  async "one that does not is killed, after its `gracePeriod`"() {
    await inFolder((folder) =>
      run(() =>
        openNursery(function* (nursery) {
          const sign = path.join(folder, "begun");
          nursery.startSoon(() =>
            runProcess(`trap '' TERM; : > ${sign}; while :; do sleep 0.01; done`, {
              shell: true,
              gracePeriod: 50,
            }),
          );
          yield* untilThere(sign);
          nursery.cancelScope.cancel();
        }),
      ),
    );
  },

  async "`processGroup` ends a tree of processes"() {
    const pid = await inFolder((folder) =>
      run(function* () {
        const sign = path.join(folder, "pid");
        yield* openNursery(function* (nursery) {
          nursery.startSoon(() =>
            runProcess(`sleep 600 & echo $! > ${sign}.half; mv ${sign}.half ${sign}; wait`, {
              shell: true,
              processGroup: true,
            }),
          );
          yield* untilThere(sign);
          nursery.cancelScope.cancel();
        });
        return Number(readFileSync(sign, "utf8"));
      }),
    );
    await until(() => !isAlive(pid));
  },

  async "`openProcess`: a process to talk to"() {
    const answer = await run(() =>
      using(openProcess(["cat"], { stdin: "pipe", stdout: "pipe" }), function* (cat: Process) {
        yield* cat.stdin!.sendAll(encode("hello"));
        const chunk = yield* cat.stdout!.receiveSome();
        yield* cat.stdin!.aclose();
        return [decode(chunk), yield* cat.wait()];
      }),
    );
    expect(answer, ["hello", 0]);
  },

  async "in a loop: `createSubprocessExec`, `runProcess`, the layer"() {
    const seen = await runLoop(
      async () => {
        const sort = await createSubprocessExec("sort", [], { stdin: "pipe", stdout: "pipe" });
        const [output] = await sort.communicate("b\na\n");
        const { returnCode } = await runProcessInLoop(["true"]);
        return [String(output), sort.returnCode, returnCode];
      },
      { io: ioLayer },
    );
    expect(seen, ["a\nb\n", 0, 0]);
  },

  async "signals: `openSignalReceiver`"() {
    const heard = await run(() =>
      openSignalReceiver(["SIGHUP", "SIGUSR2"], function* (signals: SignalReceiver) {
        process.kill(process.pid, "SIGHUP");
        const first = yield* signals.receive();
        process.kill(process.pid, "SIGUSR2");
        return [first, yield* signals.receive()];
      }),
    );
    expect(heard, ["SIGHUP", "SIGUSR2"]);
  },

  async "signals in a loop: `addSignalHandler`"() {
    const heard: string[] = [];
    await runLoop(
      async () => {
        const loop = getRunningLoop();
        loop.addSignalHandler("SIGUSR2", () => heard.push("SIGUSR2"));
        process.kill(process.pid, "SIGUSR2");
        while (heard.length === 0) await pause(1);
      },
      { io: ioLayer },
    );
    expect(heard, ["SIGUSR2"]);
  },

  async "files: `openFile`, `Path`"() {
    const lines: string[] = [];
    await inFolder((folder) =>
      run(function* () {
        const notes = new Path(folder).join("notes.txt");
        yield* notes.writeText("one\ntwo\n");
        yield* using(openFile(notes.toString()), (file) =>
          file.eachLine(function* (line) {
            lines.push(line);
          }),
        );
        yield* notes.unlink();
      }),
    );
    expect(lines, ["one", "two"]);
  },

  async "`openPipe`, and both ends of it"() {
    const heard = await run(function* () {
      const [receiver, sender] = openPipe();
      yield* sender.sendAll(encode("hello"));
      const chunks = [decode(yield* receiver.receiveSome())];
      yield* sender.aclose();
      chunks.push(decode(yield* receiver.receiveSome()));
      yield* receiver.aclose();
      return chunks;
    });
    expect(heard, ["hello", ""]);
  },

  async "`waitReadable`"() {
    await inFifo((reading, writing) =>
      run(function* () {
        const early = yield* moveOnAfter(10, () => waitReadable(reading));
        writeSync(writing, "x");
        yield* waitReadable(reading);
        expect(early.cancelledCaught, true);
      }),
    );
  },

  async "`waitWritable`"() {
    await inFifo((_, writing) => run(() => waitWritable(writing)));
  },

  async "`FdStream`"() {
    await inFifo((reading, writing) =>
      run(() =>
        closing(new FdStream(reading), function* (stream) {
          const early = yield* moveOnAfter(10, () => stream.receiveSome());
          writeSync(writing, "x");
          expect([early.cancelledCaught, decode(yield* stream.receiveSome())], [true, "x"]);
        }),
      ),
    );
  },

  async "`FdStream` in a loop"() {
    await inFifo((reading, writing) =>
      runLoop(async () => {
        await using stream = new LoopFdStream(reading);
        const line = createTask(() => stream.readLine());
        await pause(1);
        writeSync(writing, "one\n");
        expect(await line, "one");
      }),
    );
  },

  async "`addReader` in a loop"() {
    await inFifo((reading, writing) =>
      runLoop(
        async () => {
          let heard = 0;
          const reader = getRunningLoop().addReader(reading, () => void heard++);
          writeSync(writing, "x");
          while (heard === 0) await pause(1);
          reader.cancel();
        },
        { io: ioLayer },
      ),
    );
  },

  async "`addWriter` in a loop"() {
    await inFifo((_, writing) =>
      runLoop(
        async () => {
          let heard = 0;
          const writer = getRunningLoop().addWriter(writing, () => void heard++);
          while (heard === 0) await pause(1);
          writer.cancel();
        },
        { io: ioLayer },
      ),
    );
  },

  async "`NotWatchableError` for a file, `BadDescriptorError` for what is not open"() {
    const fd = openSync("package.json", "r");
    const ofFile = await errorOf(run(() => waitReadable(fd)));
    closeSync(fd);
    const ofNothing = await errorOf(run(() => waitReadable(fd)));
    if (ofFile instanceof NotWatchableError && ofNothing instanceof BadDescriptorError) return;
    throw ofFile;
  },
});

/** Gives the name of a folder for the time of the body. */
async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "trestle-io-"));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Gives both ends of a pipe with a name, which needs nothing of this package. */
async function inFifo(body: (reading: number, writing: number) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const name = path.join(folder, "fifo");
    execFileSync("mkfifo", [name]);
    const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(name, "w");
    try {
      await body(reading, writing);
    } finally {
      for (const fd of [reading, writing]) closeQuietly(fd);
    }
  });
}

/** Closes what a stream may have closed before. */
function closeQuietly(fd: number): void {
  try {
    closeDescriptor(fd);
  } catch {
    // It is closed.
  }
}

function* untilThere(file: string): Operation<void> {
  while (!existsSync(file)) yield* sleep(1);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
