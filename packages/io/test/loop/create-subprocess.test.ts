import { ArgumentError } from "@trestle/host";
import { getRunningLoop, NoLoopError, run, until } from "@trestle/loop";
import { expect, test } from "vitest";
import {
  createSubprocessExec,
  createSubprocessShell,
  openSubprocess,
} from "../../src/loop/create-subprocess.js";
import { ProgramNotFoundError, WorkingDirectoryError } from "../../src/process/start-errors.js";

test("starts a program, or a line for the shell, with options", async () => {
  await run(async () => {
    const options = { stdout: "pipe", cwd: "/", env: { GREETING: "hello" } } as const;
    const exec = await createSubprocessExec("/bin/sh", ["-c", "echo $GREETING; pwd"], options);
    expect(String((await exec.communicate())[0])).toBe("hello\n/\n");
    const shell = await createSubprocessShell("echo $GREETING >&2", {
      ...options,
      stderr: "stdout",
    });
    expect([shell.stderr, String((await shell.communicate())[0])]).toEqual([undefined, "hello\n"]);
  });
});

test("a new session is asked for by an option", async () => {
  await run(async () => {
    const line = "ps -o sid= -p $$";
    const leader = await createSubprocessShell(line, { stdout: "pipe", processGroup: true });
    const [sid] = await leader.communicate();
    expect(Number(sid)).toBe(leader.pid);
  });
});

test("tells why one does not start, and gives the reason of an abort", async () => {
  await run(async () => {
    await expect(createSubprocessExec("trestle-none")).rejects.toThrow(ProgramNotFoundError);
    const options = { cwd: "/trestle/has/none" };
    await expect(createSubprocessExec("true", [], options)).rejects.toThrow(WorkingDirectoryError);
    const reason = new Error("no more");
    const signal = AbortSignal.abort(reason);
    await expect(createSubprocessExec("true", [], { signal })).rejects.toBe(reason);
  });
});

test("invalid arguments are refused, and so is a place without a loop", async () => {
  await run(async () => {
    for (const wrong of [
      () => createSubprocessExec("l\0s"),
      () => createSubprocessExec("ls", "-l" as never),
      () => createSubprocessExec(5 as never),
      () => createSubprocessShell(["ls"] as never),
      () => createSubprocessExec("ls", [], { universalNewlines: true } as never),
      () => createSubprocessExec("ls", [], { stdout: "text" as never }),
    ]) {
      await expect(wrong()).rejects.toThrow(ArgumentError);
    }
  });
  await expect(createSubprocessExec("true")).rejects.toThrow(NoLoopError);
});

test("is what the loop's own method starts", async () => {
  await run(async () => {
    const loop = getRunningLoop();
    const command = { program: "echo", args: ["hello"] };
    const process = await until(openSubprocess(loop, command, { stdout: "pipe" }));
    expect(String((await process.communicate())[0])).toBe("hello\n");
    expect(() => openSubprocess(loop, { shell: "\0" }, {})).toThrow(ArgumentError);
  });
});
