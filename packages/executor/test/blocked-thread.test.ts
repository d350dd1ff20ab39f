import { success } from "@trestle/host";
import { expect, test } from "vitest";
import { BlockedThread } from "../src/blocked-thread.js";
import { UncloneableError } from "../src/uncloneable-error.js";
import { work } from "./built-work.js";

test("is asked for what it tells, one thing after the other", () => {
  const thread = new BlockedThread();
  thread.run({ kind: "job", id: 0, ...work.callBack, args: ["ask"] });
  expect(thread.next(20_000)).toEqual({ kind: "ready" });
  expect(thread.next(20_000)).toMatchObject({ kind: "call", call: 0, name: "ask" });
  expect(thread.next(1)).toBeUndefined();
  thread.answer(0, success(7));
  expect(thread.next(20_000)).toEqual({ kind: "done", id: 0, value: 7 });
  thread.terminate();
});

test("its end is heard, and why", () => {
  const thread = new BlockedThread();
  thread.run({ kind: "job", id: 0, ...work.exit, args: [4] });
  expect(thread.next(20_000)).toEqual({ kind: "ready" });
  expect(thread.next(20_000)).toEqual({ kind: "exited", exitCode: 4, error: undefined });
  expect(thread.isAlive).toBe(false);
  thread.terminate();
});

test("what cannot be copied is not sent", () => {
  const thread = new BlockedThread();
  const message = { kind: "job", id: 0, ...work.echo, args: [() => {}] } as const;
  expect(() => thread.run(message)).toThrow(UncloneableError);
  thread.terminate();
});
