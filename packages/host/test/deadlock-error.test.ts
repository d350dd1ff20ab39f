import { expect, test } from "vitest";
import { DeadlockError } from "../src/deadlock-error.js";
import { TrestleError } from "../src/trestle-error.js";

test("names everything that is parked, a line each", () => {
  const error = new DeadlockError([
    "task 'a' waits for event.wait()",
    "task 'b' waits for channel.receive()",
  ]);
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "DeadlockError", code: "TRESTLE_DEADLOCK" });
  expect(error.parked).toEqual([
    "task 'a' waits for event.wait()",
    "task 'b' waits for channel.receive()",
  ]);
  expect(error.message).toBe(
    "Cannot go on: everything is parked, and no timer, I/O or other event is left to wake any of it.\n" +
      "  task 'a' waits for event.wait()\n" +
      "  task 'b' waits for channel.receive()",
  );
});
