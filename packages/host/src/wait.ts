// The contract between a runtime and a thing that one can wait for: a timer, a worker's job, a readable descriptor,
// a child's exit. A leaf is written once, as a Wait; each runtime has one door that takes any of them.
//
// The four laws (each a shared behaviour in @trestle/testing):
//   1. resume is called at most once, and never after abort answered "withdrawn";
//   2. abort is called at most once, and never after resume;
//   3. a committed wait that ends because of the abort fails with the very object that abort was given;
//   4. a cancellation is offered after the wait was armed, never instead of arming it.
import type { Outcome } from "./outcome.js";

/** What abort answers: the wait is over and nothing happened, or it goes on until it resumes. */
export type Abortion = "withdrawn" | "committed";

/**
 * Asks a wait to end.
 *
 * @param cancelled the error of the one who asks; a committed wait that ends because of it fails with this object
 */
export type Abort = (cancelled: unknown) => Abortion;

/**
 * Arms a wait: starts the thing, and says how to take it back.
 *
 * @param resume ends the wait with an outcome; may be called before the wait has returned its abort
 */
export type Wait<T> = (resume: (outcome: Outcome<T>) => void) => Abort;
