import { DeadlockError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import type { Leftover } from "../../src/testing/cancellation-watch.js";
import { findingsOf } from "../../src/testing/cancellation-findings.js";
import { Injection, type Ending } from "../../src/testing/injection.js";

function injected(ending: Ending | undefined, leftovers: readonly Leftover[] = []): Injection {
  const injection = new Injection(4, { steps: 1, exceeded: () => {} });
  injection.place = { task: "main", stack: "the stack" };
  injection.ending = ending;
  injection.leftovers = leftovers;
  return injection;
}

const file: Leftover = { kind: "open", name: "file" };
const socket: Leftover = { kind: "open", name: "socket" };

describe("what is wrong with an attempt", () => {
  test("has its place", () => {
    const attempt = { injection: injected({ how: "cancelled" }, [file]), hasHung: false };
    expect(findingsOf(4, attempt, [], {})).toEqual([
      {
        kind: "open",
        message: "'file' is left open",
        checkpoint: 4,
        task: "main",
        stack: "the stack",
        error: undefined,
      },
    ]);
  });

  test("is not what the operation leaves anyway, where it ended with its value", () => {
    const attempt = { injection: injected({ how: "value" }, [file, socket]), hasHung: false };
    expect(findingsOf(4, attempt, [file], {}).map(({ message }) => message)).toEqual([
      "'socket' is left open",
    ]);
  });

  test("is that all the same where it was cancelled", () => {
    const attempt = { injection: injected({ how: "cancelled" }, [file]), hasHung: false };
    expect(findingsOf(4, attempt, [file], {}).length).toBe(1);
  });

  test("is nothing else where it has hung", () => {
    const error = new DeadlockError(["task 'main' waits for an event"]);
    const attempt = { injection: injected(undefined, [file]), hasHung: true, error };
    expect(findingsOf(4, attempt, [], {})).toMatchObject([{ kind: "hung", error }]);
  });

  test("tells an operation that goes on from one that has left something behind that does", () => {
    const messageOf = (ending: Ending | undefined): string | undefined =>
      findingsOf(4, { injection: injected(ending), hasHung: true }, [], {})[0]?.message;
    expect(messageOf(undefined)).toContain("it goes on and on");
    expect(messageOf({ how: "cancelled" })).toContain("what it started goes on and on");
  });
});
