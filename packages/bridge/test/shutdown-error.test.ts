import { expect, test } from "vitest";
import { ShutdownError } from "../src/index.js";

test("says why, and names what is left", () => {
  const error = new ShutdownError("it goes on", ["task 'a' waits for a lock", "task 'b'"]);
  expect(error).toBeInstanceOf(ShutdownError);
  expect([error.name, error.code]).toEqual(["ShutdownError", "TRESTLE_SHUTDOWN"]);
  expect(error.left).toEqual(["task 'a' waits for a lock", "task 'b'"]);
  expect(error.message).toBe(
    "Cannot end what runs in the loop: it goes on.\n  task 'a' waits for a lock\n  task 'b'",
  );
});
