import { getRunningLoop, until, type EventLoop, type SignalOption } from "@trestle/loop";
import type { Child } from "../process/child.js";
import type { ChildErrorPipe, ChildOptions, ChildPipe } from "../process/child-options.js";
import { commandOf } from "../process/command.js";
import { checkCaptureLimit, Completion } from "../process/completion.js";
import { endChild } from "../process/end-child.js";
import { keepOutput } from "../process/output-so-far.js";
import { ProcessFailedError, type CompletedProcess } from "../process/process-failed-error.js";
import { runPipes } from "../process/run-pipes.js";
import { checkSpec } from "../process/start-child.js";
import { startHere } from "./children-of-loop.js";

/** How a process is run. */
export interface RunProcessOptions extends Omit<ChildOptions, "leaveRunning">, SignalOption {
  /** Whether the command is a line for the shell. */
  readonly shell?: boolean | undefined;
  /** Its input: bytes, an open file, that of this process, or nothing, which it is unless given. */
  readonly stdin?: Uint8Array | Exclude<ChildPipe, "pipe"> | undefined;
  /** Where its output goes; where that of this process goes unless given. */
  readonly stdout?: Exclude<ChildPipe, "pipe"> | undefined;
  /** Where its error output goes: as `stdout`, or with it. */
  readonly stderr?: Exclude<ChildErrorPipe, "pipe"> | undefined;
  /** Whether its output is gathered, and is in the result. */
  readonly captureStdout?: boolean | undefined;
  /** Whether its error output is gathered, and is in the result. */
  readonly captureStderr?: boolean | undefined;
  /** How many bytes of each may be gathered; 1 GiB unless given. With more than that it is ended. */
  readonly captureLimit?: number | undefined;
  /** Whether another exit code than 0 is an error; true unless given. */
  readonly check?: boolean | undefined;
}

/**
 * Runs a process to its end, and gives how it ended and what was captured.
 *
 * Waits for its end, and with a capture for the end of that output. Unlike the wait of a Process, a cancellation or an abort of
 * `signal` ends the process first: SIGTERM, `gracePeriod`, SIGKILL. The error that comes out then has what was captured:
 * `outputSoFar(error)`. A process that does not read all of its input is no failure. Source: Python's `subprocess.run`; asyncio has
 * none. Flavor: loop. Node only.
 *
 * @param command the program and its arguments; with `shell`, a line of text
 * @throws ProcessFailedError for another exit code than 0, unless `check` is false; ProcessStartError and its subclasses;
 * CaptureLimitError; the reason of `signal`; ArgumentError; NoLoopError
 * @example
 * ```ts
 * import { runProcess } from "@trestle/io/loop";
 * import { run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const { stdout } = await runProcess(["uname"], { captureStdout: true });
 *   console.log(new TextDecoder().decode(stdout));
 * });
 * ```
 */
export async function runProcess(
  command: readonly string[] | string,
  options: RunProcessOptions = {},
): Promise<CompletedProcess> {
  const { shell = false, stdin, captureStdout = false, captureStderr = false } = options;
  const { check = true, signal } = options;
  const loop = getRunningLoop();
  const captureLimit = checkCaptureLimit(options.captureLimit);
  const spec = checkSpec({
    command: commandOf(command, shell),
    options,
    pipes: runPipes(options, { hasUser: false }),
  });
  const input = stdin instanceof Uint8Array ? stdin : undefined;
  const handling = { input, captureStdout, captureStderr, captureLimit };
  const running = await startHere(
    spec,
    { signal },
    (child) => ({ child, completion: new Completion(child, handling) }),
    (started, error) => giveUp(loop, started, error),
  );
  const { child, completion } = running;
  try {
    const done = until(completion.wait(loop.host), `the end of ${child.description}`, { signal });
    const completed = await done;
    if (check && completed.returnCode !== 0) throw new ProcessFailedError(completed);
    return completed;
  } catch (error) {
    if (!(error instanceof ProcessFailedError)) await giveUp(loop, running, error);
    throw error;
  } finally {
    child.destroyStreams();
  }
}

interface Running {
  readonly child: Child;
  readonly completion: Completion;
}

/**
 * Ends it, and what is left of its group where it has ended itself; the error gets what it had written. These waits are committed: a
 * cancellation that comes now does not cut them short.
 */
async function giveUp(
  loop: EventLoop,
  { child, completion }: Running,
  error: unknown,
): Promise<void> {
  await until(
    endChild(child, loop.host, child.traits.gracePeriod),
    `the end of ${child.description}`,
  );
  await until(completion.drain(loop.host), `the last output of ${child.description}`);
  keepOutput(error, completion.output());
}
