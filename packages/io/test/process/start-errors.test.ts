import { TrestleError } from "@trestle/host";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CommandTooLongError,
  ProcessStartError,
  ProgramNotExecutableError,
  ProgramNotFoundError,
  startErrorOf,
  WorkingDirectoryError,
} from "../../src/process/start-errors.js";
import { childStates, openDescriptors, started } from "../processes.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trestle-start-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function failureOf(program: string, args: string[] = [], cwd?: string): Promise<unknown> {
  return started({ program, args }, { cwd }).catch((error: unknown) => error);
}

async function file(name: string, content: string, mode: number): Promise<string> {
  const made = path.join(folder, name);
  await writeFile(made, content);
  await chmod(made, mode);
  return made;
}

test("tells a program that is not there from a directory that is not", async () => {
  const program = await failureOf("trestle-has-no-such-program", [], folder);
  expect(program).toBeInstanceOf(ProgramNotFoundError);
  expect(String(program)).toContain("'trestle-has-no-such-program': the program was not found");
  const directory = await failureOf("true", [], path.join(folder, "none"));
  expect(directory).toBeInstanceOf(WorkingDirectoryError);
  expect(directory).not.toBeInstanceOf(ProgramNotFoundError);
  expect(String(directory)).toContain("was not found.\nCheck 'cwd'");
});

test("tells of a directory that is none, and of a script whose interpreter is not there", async () => {
  const plain = await file("plain", "", 0o644);
  expect(String(await failureOf("true", [], plain))).toContain("is no directory");
  const script = await file("script", "#!/trestle/has/no/interpreter\n", 0o755);
  const error = await failureOf(script);
  expect(error).toBeInstanceOf(ProgramNotFoundError);
  expect(String(error)).toContain("the interpreter that its first line names");
});

test("tells of a file that cannot be executed, and of too much", async () => {
  const plain = await file("data", "data", 0o644);
  expect(await failureOf(plain)).toBeInstanceOf(ProgramNotExecutableError);
  const long = await failureOf("true", ["x".repeat(4_000_000)]);
  expect(long).toBeInstanceOf(CommandTooLongError);
  expect(String(long).length).toBeLessThan(300);
});

test("all are starts that failed, with the system's error for the cause, and leave nothing", async () => {
  const before = openDescriptors();
  for (let i = 0; i < 20; i++) {
    const error = (await failureOf("trestle-has-no-such-program")) as ProcessStartError;
    expect(error).toBeInstanceOf(ProcessStartError);
    expect(error).toBeInstanceOf(TrestleError);
    expect([error.name, error.code]).toEqual(["ProgramNotFoundError", "TRESTLE_PROGRAM_NOT_FOUND"]);
    expect(error.command).toEqual({ program: "trestle-has-no-such-program", args: [] });
    expect(error.cause).toMatchObject({ code: "ENOENT" });
  }
  expect([openDescriptors(), childStates()]).toEqual([before, []]);
});

test("whatever else the system says is passed on", () => {
  const command = { shell: "true" };
  const cause = Object.assign(new Error("spawn EAGAIN"), { code: "EAGAIN" });
  const error = startErrorOf(cause, command, undefined);
  expect([error.name, error.code, error.cause]).toEqual([
    "ProcessStartError",
    "TRESTLE_PROCESS_START",
    cause,
  ]);
  expect(error.message).toContain("the system says EAGAIN");
  expect(startErrorOf(Object.assign(cause, { code: "ENOENT" }), command, undefined)).toBeInstanceOf(
    ProgramNotFoundError,
  );
  expect(String(startErrorOf("?", command, undefined))).toContain("an unknown error");
});
