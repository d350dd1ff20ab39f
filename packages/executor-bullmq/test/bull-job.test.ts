import { JobCancelledError, type OnCancel } from "@trestle/executor";
import { failure, type Outcome } from "@trestle/host";
import { waitBehaviours } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { BullJob, type JobQueue } from "../src/bull-job.js";

/** A queue that does what it is told, and notes what it was asked. */
class FakeQueue implements JobQueue {
  readonly asked: string[] = [];
  isTaken = false;
  isAway = false;

  remove(id: string): Promise<boolean> {
    this.asked.push(`remove ${id}`);
    if (this.isAway) return Promise.reject(new Error("Redis is away"));
    return Promise.resolve(!this.isTaken);
  }

  tell(id: string, reason: string | undefined): void {
    this.asked.push(`tell ${id} ${reason}`);
  }

  ended(id: string): void {
    this.asked.push(`ended ${id}`);
  }
}

function jobIn(queue: FakeQueue, onCancel: OnCancel = "wait"): BullJob<number> {
  return new BullJob<number>("j", "add", queue, onCancel);
}

function outcomeOf(job: BullJob<number>): Outcome<number> | undefined {
  let outcome: Outcome<number> | undefined;
  job.wait((given) => (outcome = given));
  return outcome;
}

/** Until all that was set off has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

test("a job that was cancelled before it was sent is never sent", () => {
  const queue = new FakeQueue();
  const job = jobIn(queue);
  expect(job.cancel("changed my mind")).toBe(true);
  expect(job.send()).toBe(false);
  expect(outcomeOf(job)).toMatchObject({ ok: false, error: { reason: "changed my mind" } });
  expect(queue.asked).toEqual(["ended j"]);
});

test("one that is on its way is taken out when it has arrived", async () => {
  const queue = new FakeQueue();
  const job = jobIn(queue);
  job.send();
  job.cancel();
  await settled();
  expect(queue.asked).toEqual([]);
  job.accepted();
  await settled();
  expect(queue.asked).toEqual(["remove j", "ended j"]);
  await expect(job).rejects.toThrow(JobCancelledError);
});

test("one that a worker has is waited for, and the worker is told at each news", async () => {
  const queue = new FakeQueue();
  queue.isTaken = true;
  const job = jobIn(queue);
  job.send();
  job.accepted();
  job.moved("running");
  expect(job.cancel("late")).toBe(true);
  await settled();
  expect(outcomeOf(job)).toBeUndefined();
  job.moved("running");
  await settled();
  expect(queue.asked).toEqual(["remove j", "tell j late", "remove j", "tell j late"]);
  job.succeeded(5);
  expect(outcomeOf(job)).toEqual({ ok: true, value: 5 });
});

test("one whose worker died after the cancellation is taken out, and does not run again", async () => {
  const queue = new FakeQueue();
  queue.isTaken = true;
  const job = jobIn(queue);
  job.send();
  job.accepted();
  job.moved("running");
  job.cancel();
  await settled();
  queue.isTaken = false;
  job.moved("queued");
  await settled();
  await expect(job).rejects.toThrow(JobCancelledError);
});

test("one that is abandoned ends at once, and its worker hears nothing", async () => {
  const queue = new FakeQueue();
  queue.isTaken = true;
  const job = jobIn(queue, "abandon");
  job.send();
  job.accepted();
  job.cancel();
  await settled();
  expect(queue.asked).toEqual(["remove j", "ended j"]);
  expect(job.state).toBe("done");
});

test("goes on cancelling while Redis is away", async () => {
  const queue = new FakeQueue();
  queue.isAway = true;
  const job = jobIn(queue);
  job.send();
  job.accepted();
  job.cancel();
  await settled();
  expect(job.state).toBe("queued");
  queue.isAway = false;
  await job.pursue();
  expect(job.state).toBe("done");
});

test("gives the reason itself, where the worker had it in words", async () => {
  const queue = new FakeQueue();
  queue.isTaken = true;
  const job = jobIn(queue);
  job.send();
  job.accepted();
  const reason = { because: "of this object" };
  job.cancel(reason);
  job.failed(new JobCancelledError("add", "[object Object]"));
  expect(outcomeOf(job)).toMatchObject({ error: { reason } });
});

test("listens to a signal until it has ended", () => {
  const queue = new FakeQueue();
  const controller = new AbortController();
  const [first, second] = [jobIn(queue), jobIn(queue)];
  first.listen(controller.signal);
  second.listen(controller.signal);
  first.succeeded(1);
  controller.abort("over");
  expect(outcomeOf(first)).toEqual({ ok: true, value: 1 });
  expect(outcomeOf(second)).toMatchObject({ error: { reason: "over" } });
});

test("a second cancellation, and one of what has ended, does nothing", () => {
  const job = jobIn(new FakeQueue());
  job.succeeded(1);
  expect(job.cancel()).toBe(false);
  const other = jobIn(new FakeQueue());
  other.send();
  expect([other.cancel("one"), other.cancel("two")]).toEqual([true, false]);
});

test("a wait that is aborted cancels the job, and ends with it", async () => {
  const queue = new FakeQueue();
  const job = jobIn(queue);
  job.send();
  job.accepted();
  const outcomes: unknown[] = [];
  job.wait((outcome) => outcomes.push(["other", outcome]));
  const abort = job.wait((outcome) => outcomes.push(["own", outcome]));
  const cancelled = new Error("too slow");
  expect(abort(cancelled)).toBe("committed");
  expect(outcomes).toEqual([]);
  await settled();
  expect(queue.asked).toEqual(["remove j", "ended j"]);
  expect(outcomes).toEqual([
    ["other", failure(new JobCancelledError("add", "too slow"))],
    ["own", failure(cancelled)],
  ]);
});

test("it ends at once where the job was not sent, or is abandoned", async () => {
  for (const [isSent, onCancel] of [
    [false, "wait"],
    [true, "abandon"],
  ] as const) {
    const queue = new FakeQueue();
    queue.isTaken = true;
    const job = jobIn(queue, onCancel);
    if (isSent) {
      job.send();
      job.accepted();
    }
    const outcomes: unknown[] = [];
    expect(job.wait((outcome) => outcomes.push(outcome))("enough")).toBe("withdrawn");
    await settled();
    expect([outcomes, job.state, queue.asked.at(-1)]).toEqual([[], "done", "ended j"]);
  }
});

for (const isSent of [false, true]) {
  describe(`its wait, ${isSent ? "sent" : "not sent"}`, () => {
    const open = () => {
      const job = jobIn(new FakeQueue());
      if (isSent) job.send();
      return { wait: job.wait, finish: () => job.succeeded(5), settle: settled };
    };
    for (const { title, run } of waitBehaviours(open)) test(title, run);
  });
}
