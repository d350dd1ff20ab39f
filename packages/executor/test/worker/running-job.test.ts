import { expect, test } from "vitest";
import { encodeError } from "../../src/encode-error.js";
import { JobCancelledError } from "../../src/job-cancelled-error.js";
import { Word, WORDS, type FromThread } from "../../src/protocol.js";
import { UncloneableError } from "../../src/uncloneable-error.js";
import { RunningJob, type Line } from "../../src/worker/running-job.js";
import { sharedWords } from "../until.js";

class FakeLine implements Line {
  readonly words = sharedWords(WORDS);
  readonly sent: FromThread[] = [];
  onDrain = (): void => {};

  send(message: FromThread): void {
    if (message.kind === "call" && message.args.includes("uncloneable")) throw new Error("no copy");
    this.sent.push(message);
  }

  drain(): void {
    this.onDrain();
  }
}

test("finds out that it was cancelled, as long as it runs", () => {
  const line = new FakeLine();
  const job = new RunningJob(line, 1, "crunch");
  job.checkCancelled();
  Atomics.store(line.words, Word.cancelled, 1);
  expect(() => job.checkCancelled()).toThrow(JobCancelledError);
  expect(job.signal.aborted).toBe(false);
  job.isRunning = false;
  job.checkCancelled();
});

test("told so, its signal fires, also one that is asked for later", () => {
  const line = new FakeLine();
  const early = new RunningJob(line, 1, "crunch");
  const { signal } = early;
  early.cancel("enough");
  expect(signal.reason).toBeInstanceOf(JobCancelledError);
  const late = new RunningJob(line, 1, "crunch");
  late.cancel("enough");
  expect(late.signal.aborted).toBe(true);
});

test("tells its cancellation from other errors", () => {
  const line = new FakeLine();
  const job = new RunningJob(line, 1, "crunch");
  const abort = new DOMException("stop", "AbortError");
  expect(job.isCancellation(new JobCancelledError("crunch", undefined))).toBe(false);
  Atomics.store(line.words, Word.cancelled, 1);
  expect(job.isCancellation(new JobCancelledError("crunch", undefined))).toBe(true);
  expect(job.isCancellation(abort)).toBe(false);
  job.cancel("enough");
  expect(job.isCancellation(abort)).toBe(true);
  expect(job.isCancellation(new Error("x", { cause: job.signal.reason }))).toBe(true);
  expect(job.isCancellation(new Error("x"))).toBe(false);
  expect(job.isCancellation(undefined)).toBe(false);
  const trap = (): never => {
    throw new Error("a trap");
  };
  expect(job.isCancellation(new Proxy({}, { get: trap }))).toBe(false);
});

test("a call gets its answer, or its refusal", async () => {
  const line = new FakeLine();
  const job = new RunningJob(line, 1, "crunch");
  const [one, two] = [job.call("a", [1]), job.call("b", [])];
  expect(line.sent).toEqual([
    { kind: "call", id: 1, call: 0, name: "a", args: [1], isBlocking: false },
    { kind: "call", id: 1, call: 1, name: "b", args: [], isBlocking: false },
  ]);
  job.takeAnswer({ kind: "refusal", call: 1, error: encodeError(new RangeError("far")) });
  job.takeAnswer({ kind: "answer", call: 0, value: 5 });
  expect(await one).toBe(5);
  await expect(two).rejects.toThrow(RangeError);
});

test("a blocking call takes what comes until its answer is there", () => {
  const line = new FakeLine();
  const job = new RunningJob(line, 1, "crunch");
  line.onDrain = () => job.takeAnswer({ kind: "answer", call: 0, value: 7 });
  expect(job.callBlocking("a", [])).toBe(7);
  line.onDrain = () =>
    job.takeAnswer({ kind: "refusal", call: 1, error: encodeError(new RangeError("far")) });
  expect(() => job.callBlocking("a", [])).toThrow(RangeError);
  line.onDrain = () => job.cancel("enough");
  expect(() => job.callBlocking("a", [])).toThrow(JobCancelledError);
  expect(() => job.callBlocking("a", [])).toThrow(JobCancelledError);
});

test("arguments that cannot be copied fail the call", () => {
  const job = new RunningJob(new FakeLine(), 1, "crunch");
  expect(() => job.callBlocking("a", ["uncloneable"])).toThrow(UncloneableError);
});
