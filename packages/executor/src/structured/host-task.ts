// The task that has a job run in a thread, and runs what the job calls back: in its own scopes, with its own variables, so that a
// timeout around the job is one around its calls.
import { failure, success, type Abort, type Outcome, type Release, type Wait } from "@trestle/host";
import { isCancelled, type Operation } from "@trestle/structured";
import { currentHost, suspend } from "@trestle/structured/lowlevel";
import type { HostCall, HostFunctions } from "../host-call.js";
import { JobCancelledError } from "../job-cancelled-error.js";
import type { Job } from "../job.js";
import { callInTask } from "./call-in-task.js";

/** What the task wakes up for: a call, or undefined for the job's end. */
type Event = HostCall | undefined;

/** What a task hears of its job. */
export class HostTask<T> {
  readonly #calls: HostCall[] = [];
  readonly #functions: HostFunctions;
  #abort: Abort | undefined;
  #outcome: Outcome<T> | undefined;
  #resume: ((outcome: Outcome<Event>) => void) | undefined;
  #letGo: Release | undefined;

  constructor(functions: HostFunctions) {
    this.#functions = functions;
  }

  /** Takes a call of the job. */
  readonly receive = (call: HostCall): void => {
    this.#calls.push(call);
    this.#wake();
  };

  /** Waits for the end of the job, and runs what it calls back. */
  *attend(job: Job<T>): Operation<T> {
    this.#abort = job.wait((outcome) => {
      this.#outcome = outcome;
      this.#wake();
    });
    for (;;) {
      const call = yield* suspend(this.#next, `the job '${job.name}' in a thread`);
      if (call !== undefined) yield* this.#answer(job, call);
      else if (this.#outcome?.ok) return this.#outcome.value;
    }
  }

  readonly #next: Wait<Event> = (resume) => {
    this.#letGo = currentHost().hold("a job in a thread");
    this.#resume = resume;
    if (this.#calls.length > 0 || this.#outcome !== undefined) this.#wake();
    return (cancelled) => {
      // Withdrawn, the job ends for those who wait in this very moment.
      const waiting = this.#resume;
      this.#resume = undefined;
      if ((this.#abort as Abort)(cancelled) === "withdrawn") {
        this.#release();
        return "withdrawn";
      }
      this.#resume = waiting;
      return "committed";
    };
  };

  *#answer(job: Job<T>, call: HostCall): Operation<void> {
    try {
      const value = yield* callInTask(this.#functions, call);
      call.answer(success(value));
    } catch (error) {
      if (isCancelled(error)) {
        // The job learns of it before it has the answer, so that it ends as cancelled.
        if (job.state !== "done") this.#abort?.(error);
        call.answer(failure(new JobCancelledError(job.name, error.message)));
      } else {
        call.answer(failure(error));
      }
    }
  }

  #wake(): void {
    const resume = this.#resume;
    if (resume === undefined) return;
    const call = this.#calls.shift();
    const outcome = this.#outcome;
    if (call === undefined && outcome === undefined) return;
    this.#resume = undefined;
    this.#release();
    if (call !== undefined || outcome?.ok) resume(success(call));
    else resume(outcome as Outcome<Event>);
  }

  #release(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }
}
