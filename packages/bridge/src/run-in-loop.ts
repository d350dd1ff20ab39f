// The other way round: a structured run as a guest of a program of the loop flavor. The run has its turns as callbacks of the
// loop, and for the loop it is a task.
import { failure, success, WrongFlavorError, type Wait } from "@trestle/host";
import {
  currentLoop,
  NoLoopError,
  until,
  withoutCurrentTask,
  type EventLoop,
  type Task,
} from "@trestle/loop";
import {
  inStructuredTask,
  run,
  RunCancelledError,
  type Operation,
  type RunOptions,
  type StructuredFunction,
} from "@trestle/structured";
import { callStructured, requireStructured } from "@trestle/structured/lowlevel";
import { adopt } from "./adopted-loops.js";
import { hostOnLoop } from "./host-on-loop.js";
import { loopVariable } from "./loop-variable.js";

/** How a run lives in a loop. */
export interface RunInLoopOptions extends Omit<RunOptions, "host"> {
  /** The loop; the running one unless given. */
  readonly loop?: EventLoop;
}

/**
 * Runs a structured function as a run of its own inside of a loop, and gives the task that stands for it: so a program of the
 * loop flavor has nurseries and scopes in one corner.
 *
 * The run takes its time and its turns from the loop. In it `asStructured` and `runAsync` go to this loop. Cancelling the task
 * cancels main, and the task stays pending until the run has ended: cancelled then, it is cancelled; a value or an error wins.
 * The end of the loop's own `run` cancels it like any other task, and waits. In a program without a loop, `run` of
 * @trestle/structured does the same for a promise. Source: Trio's guest mode. Flavor: loop; may be called from plain callbacks too.
 *
 * @param main the main task's function
 * @param options which loop, and those of a structured run but for the host
 * @throws NoLoopError where no loop is given and none runs; WrongFlavorError in structured code and for what is no structured
 * function; LoopClosedError
 * @example
 * ```ts
 * import { runInLoop } from "@trestle/bridge";
 * import { run } from "@trestle/loop";
 * import { openNursery, sleep } from "@trestle/structured";
 *
 * await run(async () => {
 *   await runInLoop(() =>
 *     openNursery(function* (nursery) {
 *       nursery.startSoon(sleep, 10);
 *       nursery.startSoon(sleep, 20);
 *     }),
 *   );
 * });
 * ```
 */
export function runInLoop<T>(main: () => Operation<T>, options: RunInLoopOptions = {}): Task<T> {
  requireStructured(main, "run in the event loop");
  const { loop = requireLoop(), ...rest } = options;
  return runGuest(loop, main, [], rest);
}

function requireLoop(): EventLoop {
  if (inStructuredTask()) {
    throw new WrongFlavorError(
      "Cannot run a structured function in the event loop: this is structured code.\n" +
        "Write 'yield*' before the call of the function; for a run of its own, name the loop with '{ loop }'.",
    );
  }
  const loop = currentLoop();
  if (loop === undefined) throw new NoLoopError("run a structured function in the event loop");
  return loop;
}

/** The same for a function with arguments, on a given loop. */
export function runGuest<A extends unknown[], T>(
  loop: EventLoop,
  fn: StructuredFunction<A, T>,
  args: A,
  options: Omit<RunOptions, "host"> = {},
): Task<T> {
  const name = fn?.name || "anonymous";
  const main = (): Operation<T> => {
    loopVariable.set(loop);
    return callStructured(fn, args, `call '${name}' from loop code`);
  };
  Object.defineProperty(main, "name", { value: name });
  const task = loop.createTask(() => untilEnded(guestRun(loop, main, options), name));
  task.name = name;
  task.addDoneCallback(adopt(loop));
  return task;
}

/** Waits for the run to end, whatever is thrown into the wait: a deadlock is reported to the run, which unwinds then. */
async function untilEnded<T>(wait: Wait<T>, name: string): Promise<T> {
  const ended = until(wait, `the end of the run of '${name}'`);
  for (;;) {
    try {
      return await ended;
    } catch (error) {
      if (ended.done()) throw error;
    }
  }
}

function guestRun<T>(
  loop: EventLoop,
  main: () => Operation<T>,
  options: Omit<RunOptions, "host">,
): Wait<T> {
  return (resume) => {
    const controller = new AbortController();
    let cancelled: unknown;
    const signal =
      options.signal === undefined
        ? controller.signal
        : AbortSignal.any([controller.signal, options.signal]);
    withoutCurrentTask(run<T>, main, { ...options, signal, host: hostOnLoop(loop) }).then(
      (value) => resume(success(value)),
      (error: unknown) => resume(failure(isEcho(error, cancelled) ? cancelled : error)),
    );
    return (reason) => {
      cancelled = reason;
      controller.abort(reason);
      return "committed";
    };
  };
}

function isEcho(error: unknown, cancelled: unknown): boolean {
  return cancelled !== undefined && error instanceof RunCancelledError && error.cause === cancelled;
}
