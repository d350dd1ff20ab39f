import { ArgumentError } from "@trestle/host";
import { CancelledError, createTask, run, sleep } from "@trestle/loop";
import type { StreamReader, StreamWriter } from "@trestle/loop/streams";
import { VirtualHost } from "@trestle/testing";
import { afterEach, expect, test, vi } from "vitest";
import { createSubprocessExec, createSubprocessShell } from "../../src/loop/create-subprocess.js";
import type { Process } from "../../src/loop/process.js";
import { isAlive, until } from "../processes.js";

const piped = { stdin: "pipe", stdout: "pipe", stderr: "pipe" } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

function ends(process: Process): { stdin: StreamWriter; stdout: StreamReader } {
  return { stdin: process.stdin as StreamWriter, stdout: process.stdout as StreamReader };
}

test("talks over its pipes, line by line, and waits for room", async () => {
  await run(async () => {
    const cat = await createSubprocessExec("cat", [], piped);
    const { stdin, stdout } = ends(cat);
    for (const line of ["ping\n", "pong\n"]) {
      stdin.write(line);
      await stdin.drain();
      expect(String(await stdout.readline())).toBe(line);
    }
    expect([cat.returnCode, String(cat)]).toEqual([
      undefined,
      `process ${cat.pid} 'cat' (running)`,
    ]);
    stdin.close();
    await stdin.waitClosed();
    expect([await cat.wait(), await cat.wait(), cat.returnCode]).toEqual([0, 0, 0]);
    expect(String(cat)).toBe(`process ${cat.pid} 'cat' (code 0)`);
    cat.terminate();
  });
});

test("communicate feeds it and reads both outputs, however large", async () => {
  await run(async () => {
    const big = "x".repeat(1_000_000);
    const cat = await createSubprocessShell("cat; echo wrong >&2; exit 3", piped);
    const [stdout, stderr] = await cat.communicate(big);
    expect([String(stdout) === big, String(stderr), cat.returnCode]).toEqual([true, "wrong\n", 3]);
    const bare = await createSubprocessExec("true");
    expect(await bare.communicate()).toEqual([undefined, undefined]);
  });
});

test("communicate with one that reads nothing is no failure", async () => {
  await run(async () => {
    const quiet = await createSubprocessShell("exec 0<&-; echo done", piped);
    const [stdout] = await quiet.communicate(new Uint8Array(3_000_000));
    expect(String(stdout)).toBe("done\n");
  });
});

test("cancelling communicate or the wait leaves it running, and loses nothing", async () => {
  await run(async () => {
    const cat = await createSubprocessShell("echo begun; echo ready >&2; cat", piped);
    const waiting = createTask(() => cat.stdout?.read(-1) as Promise<Buffer>);
    await cat.stderr?.readline();
    waiting.cancel();
    await expect(Promise.resolve(waiting)).rejects.toThrow(CancelledError);
    const ending = createTask(async () => cat.wait());
    await sleep(0);
    ending.cancel();
    await expect(Promise.resolve(ending)).rejects.toThrow(CancelledError);
    expect(cat.returnCode).toBeUndefined();
    const [stdout] = await cat.communicate("done");
    expect(String(stdout)).toBe("begun\ndone");
  });
});

test("kill, terminate and signals give the number with a minus", async () => {
  await run(async () => {
    const codes: unknown[] = [];
    for (const end of [
      (process: Process) => process.kill(),
      (process: Process) => process.terminate(),
      (process: Process) => process.sendSignal("SIGHUP"),
    ]) {
      const process = await createSubprocessExec("sleep", ["1000"]);
      end(process);
      codes.push(await process.wait(), process.signal);
      expect(() => process.sendSignal("SIGNONE" as never)).toThrow(ArgumentError);
    }
    expect(codes).toEqual([-9, "SIGKILL", -15, "SIGTERM", -1, "SIGHUP"]);
  });
});

test("disposing of it ends it, or lets go of it", async () => {
  await run(async () => {
    const cat = await createSubprocessExec("cat", [], piped);
    await cat[Symbol.asyncDispose]();
    expect([cat.signal, cat.stdin?.isClosing()]).toEqual(["SIGTERM", true]);
    const left = await createSubprocessExec("sleep", ["1000"], { leaveRunning: true });
    await left[Symbol.asyncDispose]();
    expect(isAlive(left.pid)).toBe(true);
    left.kill();
    await until(() => !isAlive(left.pid));
  });
});

test("a child that writes without end into a reader that takes little is kept waiting", async () => {
  const most = await run(async () => {
    const endless = await createSubprocessExec("cat", ["/dev/zero"], { ...piped, limit: 10_000 });
    let highest = 0;
    for (let i = 0; i < 200; i++) {
      await endless.stdout?.readexactly(1000);
      highest = Math.max(highest, process.memoryUsage().arrayBuffers);
    }
    return highest;
  });
  expect(most).toBeLessThan(64 * 1024 * 1024);
});

test("runs on virtual time: its clock stands still while it is waited for", async () => {
  const host = new VirtualHost();
  const said = await run(
    async () => {
      const process = await createSubprocessShell("sleep 0.1; echo late; exit 5", piped);
      const line = String(await process.stdout?.readline());
      return [line, await process.wait()];
    },
    { host },
  );
  expect([said, host.now()]).toEqual([["late\n", 5], 0]);
});
