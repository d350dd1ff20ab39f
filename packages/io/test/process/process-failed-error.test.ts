import { expect, test } from "vitest";
import { ProcessFailedError } from "../../src/process/process-failed-error.js";
import { bytes } from "../processes.js";

const command = { program: "git", args: ["status"] };

test("has what is known of the process, and its last words in the message", () => {
  const stderr = bytes("1\n2\n3\n4\n5\nfatal: not a git repository\n");
  const completed = { command, returnCode: 128, signal: undefined, stdout: bytes("out"), stderr };
  const error = new ProcessFailedError(completed);
  expect(error).toMatchObject({ ...completed, code: "TRESTLE_PROCESS_FAILED" });
  expect(error.message).toBe(
    "Cannot run 'git status': it ended with the code 128.\nIts last words:\n" +
      "  2\n  3\n  4\n  5\n  fatal: not a git repository",
  );
});

test("says which signal ended it, and nothing of what was not captured", () => {
  const outputs = { stdout: undefined, stderr: undefined };
  const error = new ProcessFailedError({ command, returnCode: -9, signal: "SIGKILL", ...outputs });
  expect(error.message).toBe("Cannot run 'git status': it was ended by SIGKILL.");
  const silent = { ...outputs, stderr: bytes("\n") };
  const quiet = new ProcessFailedError({ command, returnCode: 1, signal: undefined, ...silent });
  expect(quiet.message).toBe("Cannot run 'git status': it ended with the code 1.");
});
