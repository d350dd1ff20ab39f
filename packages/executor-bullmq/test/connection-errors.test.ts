import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { ConnectionErrors } from "../src/connection-errors.js";

test("passes failures on until we close", () => {
  const heard: string[] = [];
  const errors = new ConnectionErrors("jobs", ({ message }) => heard.push(message));
  const emitter = new EventEmitter();
  errors.hear(emitter);
  emitter.emit("error", new Error("one"));
  errors.closing();
  emitter.emit("error", new Error("two"));
  expect(heard).toEqual(["one"]);
});

test("warns of the first failure where nobody listens", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const errors = new ConnectionErrors("jobs", undefined);
  const emitter = new EventEmitter();
  errors.hear(emitter);
  emitter.emit("error", new Error("ECONNREFUSED"));
  emitter.emit("error", new Error("ECONNREFUSED"));
  expect(warn.mock.calls).toEqual([
    [
      expect.stringContaining("Cannot reach Redis for the queue 'jobs': ECONNREFUSED."),
      { type: "TrestleWarning", code: "TRESTLE_QUEUE_UNREACHABLE" },
    ],
  ]);
});
