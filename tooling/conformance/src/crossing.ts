// What the interpreters of the two flavors ask of each other. A bridge program has both; elsewhere a side is missing and
// a statement that needs it fails.
import type { Future } from "@trestle/loop";
import type { Operation } from "@trestle/structured";
import type { Body } from "./program.js";
import type { TaskTrace } from "./task-trace.js";

/** The loop, as structured statements see it. */
export interface LoopSide {
  /** Calls a loop-flavored function that runs the body, under the name of the calling task. */
  call(body: Body, task: TaskTrace): Operation<void>;
}

/** The structured side, as loop-flavored statements see it. */
export interface StructuredSide {
  /** Cancels the scope or the nursery's scope of that id; nothing where there is none yet. */
  cancel(id: string): void;
  /** Sets the event. */
  set(id: string): void;
  /** Calls a structured function that runs the body, under the name of the calling task. */
  call(body: Body, task: TaskTrace): Future<unknown>;
}
