import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkCommand, checkText, commandOf, commandText } from "../../src/process/command.js";

test("takes a list with the program first, or a line for the shell", () => {
  expect(commandOf(["ls", "-l"], false)).toEqual({ program: "ls", args: ["-l"] });
  expect(commandOf("ls | wc", true)).toEqual({ shell: "ls | wc" });
});

test("PROC-5, T203: refuses text without the shell, a list with it, and everything else", () => {
  expect(() => commandOf("ls -l", false)).toThrow("shell: true");
  expect(() => commandOf(["ls"], true)).toThrow("one line of text is wanted");
  expect(() => commandOf(7 as never, false)).toThrow(ArgumentError);
  expect(() => commandOf([], false)).toThrow("its name is empty");
  expect(() => commandOf(["ls", 5 as never], false)).toThrow("argument 1");
  expect(() => commandOf(["ls"], "yes" as never)).toThrow("a boolean is wanted");
  expect(() => checkCommand({ program: "ls", args: "-l" as never })).toThrow(ArgumentError);
});

test("refuses a NUL byte, wherever it is", () => {
  for (const call of [
    () => commandOf(["l\0s"], false),
    () => commandOf(["ls", "a\0"], false),
    () => commandOf("ls\0", true),
    () => checkText("\0", "'cwd'"),
  ]) {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow("NUL byte");
  }
});

test("is shown on one line, which is not too long", () => {
  expect(commandText({ program: "git", args: ["log", "-n 1"] })).toBe("git log -n 1");
  expect(commandText({ shell: "a\n  b" })).toBe("a b");
  expect(commandText({ program: "x", args: ["y".repeat(200)] })).toHaveLength(81);
});
