import { failure, success, type Abortion, type Outcome } from "@trestle/host";
import { CancelScope, checkpoint, openNursery, run, type Operation } from "@trestle/structured";
import { expect, test } from "vitest";
import { HostTask } from "../../src/structured/host-task.js";
import { ThreadJob } from "../../src/thread-job.js";

function stage(abortion: Abortion = "committed") {
  const cancelled: unknown[] = [];
  const cancelJob = (_: unknown, error: unknown): Abortion => {
    cancelled.push(error);
    return abortion;
  };
  const origin = { canceller: { cancelJob }, number: 1, site: undefined, inContext: undefined };
  const job = new ThreadJob<number>({ module: "a.js", name: "crunch" }, [], {}, origin);
  const answers: Outcome<unknown>[] = [];
  const callOf = (name: string, ...args: unknown[]) => ({
    name,
    args,
    isBlocking: true,
    answer: (outcome: Outcome<unknown>) => void answers.push(outcome),
  });
  return { job, cancelled, answers, callOf };
}

function* rounds(): Operation<void> {
  for (let round = 0; round < 5; round++) yield* checkpoint();
}

test("runs the calls of the job one after the other, until it has ended", () =>
  run(function* () {
    const { job, answers, callOf } = stage();
    const host = new HostTask<number>({ double: (number: number) => 2 * number });
    host.receive(callOf("double", 1));
    yield* openNursery(function* (nursery) {
      const task = nursery.startSoon(() => host.attend(job));
      yield* rounds();
      host.receive(callOf("double", 2));
      host.receive(callOf("double", 3));
      yield* rounds();
      job.settle(success(7));
      expect(yield* task.join()).toBe(7);
    });
    expect(answers).toEqual([success(2), success(4), success(6)]);
  }));

test("offers the job each cancellation, and fails with the one that ended it", () =>
  run(function* () {
    const { job, cancelled } = stage();
    const scope = new CancelScope();
    yield* openNursery(function* (nursery) {
      nursery.startSoon(() => scope.run(() => new HostTask<number>({}).attend(job)));
      yield* rounds();
      scope.cancel();
      yield* rounds();
      expect(cancelled.length).toBe(1);
      job.settle(failure(cancelled[0]));
    });
    expect(scope.cancelledCaught).toBe(true);
  }));

test("is let go at once where the job is", () =>
  run(function* () {
    const { job } = stage("withdrawn");
    const scope = new CancelScope();
    scope.cancel();
    yield* scope.run(() => new HostTask<number>({}).attend(job));
    expect([scope.cancelledCaught, job.state]).toEqual([true, "done"]);
  }));

test("tells the job of a cancellation before it has the answer", () =>
  run(function* () {
    const { job, cancelled, answers, callOf } = stage();
    const scope = new CancelScope();
    const host = new HostTask<number>({
      *wait(): Operation<void> {
        scope.cancel();
        yield* checkpoint();
      },
    });
    const call = callOf("wait");
    host.receive({
      ...call,
      answer: (outcome) => {
        expect(cancelled.length).toBeGreaterThan(0);
        call.answer(outcome);
        job.settle(failure(cancelled.at(-1)));
      },
    });
    yield* scope.run(() => host.attend(job));
    expect(scope.cancelledCaught).toBe(true);
    expect(answers[0]).toMatchObject({ ok: false, error: { code: "TRESTLE_JOB_CANCELLED" } });
  }));
