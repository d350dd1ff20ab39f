import type { Outcome, Wait } from "@trestle/host";
import type { Behaviour } from "./behaviour.js";
import { expectSame } from "./expect-same.js";

/** A fresh wait for one behaviour, and what makes it end. */
export interface WaitSubject {
  readonly wait: Wait<unknown>;
  /** Makes the thing happen that is waited for; absent where it comes by itself. */
  readonly finish?: () => void;
  /** Resolves when the wait has done whatever it still can do without `finish`. */
  readonly settle: () => Promise<void>;
}

/**
 * Gives the behaviours that every Wait must show: the laws that are its own. It resumes at most once, never after it was
 * withdrawn, and where it ends because of the abort it fails with the very object that the abort was given.
 *
 * The other laws are those of whoever takes a Wait: `doorBehaviours`. Flavor: either. Source: ours. It waits for nothing and throws nothing.
 *
 * @param open makes a fresh wait that is not armed yet; called once for each run of a behaviour
 * @example
 * ```ts
 * import { success, type Wait } from "@trestle/host";
 * import { VirtualHost, waitBehaviours } from "@trestle/testing";
 *
 * const behaviours = waitBehaviours(() => {
 *   const host = new VirtualHost();
 *   const wait: Wait<undefined> = (resume) => {
 *     const timer = host.at(10, () => resume(success()));
 *     return () => (timer.cancel(), "withdrawn");
 *   };
 *   return { wait, settle: () => new Promise<void>((resolve) => void host.at(1000, resolve)) };
 * });
 * for (const { run } of behaviours) await run();
 * ```
 */
export function waitBehaviours(open: () => WaitSubject): readonly Behaviour[] {
  return Object.entries(shows).map(([title, show]) => ({
    title,
    run: () => show(new ArmedWait(open())),
  }));
}

/** A wait that was armed, with what it said. */
class ArmedWait {
  readonly outcomes: Outcome<unknown>[] = [];
  readonly cancelled = new Error("cancelled by the behaviour");
  readonly #subject: WaitSubject;
  readonly #abort: (cancelled: unknown) => unknown;

  constructor(subject: WaitSubject) {
    this.#subject = subject;
    this.#abort = subject.wait((outcome) => this.outcomes.push(outcome));
  }

  finish(): void {
    this.#subject.finish?.();
  }

  settle(): Promise<void> {
    return this.#subject.settle();
  }

  /** Offers the cancellation, and gives the answer: one of the two that there are. */
  abort(): "withdrawn" | "committed" {
    const answer = this.#abort(this.cancelled);
    if (answer !== "withdrawn") expectSame("the answer to an abort", answer, "committed");
    return answer as "withdrawn" | "committed";
  }
}

const shows: Readonly<Record<string, (wait: ArmedWait) => Promise<void>>> = {
  "resumes once when it ends": async (wait) => {
    wait.finish();
    await wait.settle();
    wait.finish();
    await wait.settle();
    expectSame("the number of resumes", wait.outcomes.length, 1);
  },

  "never resumes after it was withdrawn": async (wait) => {
    if (wait.outcomes.length > 0 || wait.abort() === "committed") return;
    expectSame("the number of resumes", wait.outcomes.length, 0);
    wait.finish();
    await wait.settle();
    expectSame("the number of resumes after the withdrawal", wait.outcomes.length, 0);
  },

  "resumes once after it was committed": async (wait) => {
    if (wait.outcomes.length > 0 || wait.abort() === "withdrawn") return;
    await wait.settle();
    wait.finish();
    await wait.settle();
    expectSame("the number of resumes", wait.outcomes.length, 1);
  },

  "fails with the very object that abort was given": async (wait) => {
    if (wait.outcomes.length > 0 || wait.abort() === "withdrawn") return;
    await wait.settle();
    const [outcome] = wait.outcomes;
    // Nothing else has happened to it, so a failure comes from the abort; a value may have been on its way.
    if (outcome && !outcome.ok) expectSame("the error of the wait", outcome.error, wait.cancelled);
  },

  "keeps both laws when it ends at the moment of the abort": async (wait) => {
    wait.finish();
    const answer = wait.outcomes.length > 0 ? "committed" : wait.abort();
    await wait.settle();
    expectSame(
      `the number of resumes, after "${answer}"`,
      wait.outcomes.length,
      answer === "withdrawn" ? 0 : 1,
    );
  },

  "gives outcomes": async (wait) => {
    wait.finish();
    await wait.settle();
    for (const outcome of wait.outcomes)
      expectSame("the type of an outcome's ok", typeof outcome.ok, "boolean");
  },
};
