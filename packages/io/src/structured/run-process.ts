import {
  CancelScope,
  checkpointIfCancelled,
  type Operation,
  type TaskStatus,
} from "@trestle/structured";
import { currentHost, requireStructured, suspend } from "@trestle/structured/lowlevel";
import type { ReceiveStream } from "@trestle/structured/streams";
import type { Child } from "../process/child.js";
import type { ChildErrorPipe, ChildOptions, ChildPipe } from "../process/child-options.js";
import { commandOf } from "../process/command.js";
import { checkCaptureLimit, Completion, type Handling } from "../process/completion.js";
import { keepOutput } from "../process/output-so-far.js";
import { ProcessFailedError, type CompletedProcess } from "../process/process-failed-error.js";
import { isStream, runPipes } from "../process/run-pipes.js";
import { checkSpec, type ChildSpec } from "../process/start-child.js";
import { childrenOfRun, endWithRun } from "./children-of-run.js";
import { deliverCancelTo, type DeliverCancel, type Delivery } from "./deliver-cancel.js";
import { feedWhile } from "./feed-while.js";
import { startProcess } from "./open-process.js";
import { Process, type ProcessPipes } from "./process.js";

/** How a process is run. */
export interface RunProcessOptions extends Omit<ChildOptions, "leaveRunning"> {
  /** Whether the command is a line for the shell. */
  readonly shell?: boolean | undefined;
  /**
   * Its input: bytes, a stream that is received from until its end, an open file, that of this process, or nothing, which
   * it is unless given. "pipe" leaves it to whoever gets the Process from `status`.
   */
  readonly stdin?: Uint8Array | ReceiveStream | ChildPipe | undefined;
  /** Where its output goes; where that of this process goes unless given. "pipe" as for `stdin`. */
  readonly stdout?: ChildPipe | undefined;
  /** Where its error output goes: as `stdout`, or with it. */
  readonly stderr?: ChildErrorPipe | undefined;
  /** Whether its output is gathered, and is in the result. */
  readonly captureStdout?: boolean | undefined;
  /** Whether its error output is gathered, and is in the result. */
  readonly captureStderr?: boolean | undefined;
  /** How many bytes of each may be gathered; 1 GiB unless given. With more than that it is ended. */
  readonly captureLimit?: number | undefined;
  /** Whether another exit code than 0 is an error; true unless given. */
  readonly check?: boolean | undefined;
  /**
   * What is done to end it when the task is cancelled, in place of SIGTERM, the grace period and SIGKILL. It runs shielded, and is
   * cut off when the process ends. Where it fails, or has ended and the process does not within the grace period, SIGKILL follows.
   */
  readonly deliverCancel?: DeliverCancel | undefined;
  /** Is told the Process when it has started: the status that `nursery.start` gives. */
  readonly status?: TaskStatus<Process> | undefined;
}

/**
 * Runs a process to its end, and gives how it ended and what was captured.
 *
 * Waits for its end, and with a capture for the end of that output, which whatever the process has left behind may keep open. A
 * cancellation, and any failure, ends the process first: SIGTERM, `gracePeriod`, SIGKILL, shielded; the error that comes out then
 * has what was captured: `outputSoFar(error)`. A process that does not read all of its input is no failure. Source: Trio's
 * `run_process`, without its groups. Flavor: structured. Node only.
 *
 * @param command the program and its arguments; with `shell`, a line of text
 * @throws ProcessFailedError for another exit code than 0, unless `check` is false; ProcessStartError and its subclasses;
 * CaptureLimitError; what the stream of `stdin` or `deliverCancel` throw; ArgumentError at the call
 * @example
 * ```ts
 * import { runProcess } from "@trestle/io/structured";
 * import { run } from "@trestle/structured";
 *
 * await run(function* () {
 *   const input = new TextEncoder().encode("b\na\n");
 *   const { stdout } = yield* runProcess(["sort"], { stdin: input, captureStdout: true });
 *   console.log(new TextDecoder().decode(stdout)); // "a\nb\n"
 * });
 * ```
 */
export function runProcess(
  command: readonly string[] | string,
  options: RunProcessOptions = {},
): Operation<CompletedProcess> {
  const { shell = false, deliverCancel, captureLimit, status } = options;
  if (deliverCancel !== undefined) requireStructured(deliverCancel, "deliver a cancellation");
  checkCaptureLimit(captureLimit);
  const spec = {
    command: commandOf(command, shell),
    options,
    pipes: runPipes(options, { hasUser: status !== undefined }),
  };
  return runSpec(checkSpec(spec), options);
}

function* runSpec(spec: ChildSpec, options: RunProcessOptions): Operation<CompletedProcess> {
  const { stdin, check = true } = options;
  const children = childrenOfRun();
  yield* checkpointIfCancelled();
  // It may have begun before the system says so: then it is ended as at any other time, and what it has written is told.
  const child = yield* shielded(() => startProcess(spec), "the start of a process");
  const completion = new Completion(child, handlingOf(options));
  const process = new Process(child, pipesOfUser(child, options));
  let completed: CompletedProcess;
  try {
    options.status?.started(process);
    const done = suspend(completion.wait(currentHost()), `the end of ${child.description}`);
    const isFed = isStream(stdin) && child.stdin !== undefined;
    completed = yield* isFed ? feedWhile(stdin, child.stdin, done) : done;
  } catch (error) {
    const thrown = yield* giveUp(process, child, { error, deliverCancel: options.deliverCancel });
    yield* shielded(() => lastOutput(completion, child), "the last output of a process");
    keepOutput(thrown, completion.output());
    child.destroyStreams();
    throw thrown;
  }
  // Its user may not have read everything yet.
  endWithRun(child, children);
  if (check && completed.returnCode !== 0) throw new ProcessFailedError(completed);
  return completed;
}

function giveUp(process: Process, child: Child, delivery: Delivery): Operation<unknown> {
  return shielded(() => deliverCancelTo(process, child, delivery), "the end of a process");
}

function lastOutput(completion: Completion, child: Child): Operation<void> {
  return suspend(completion.drain(currentHost()), `the last output of ${child.description}`);
}

function* shielded<T>(body: () => Operation<T>, name: string): Operation<T> {
  const { value } = yield* new CancelScope({ shield: true, name }).run(body);
  // Nobody else knows the scope, so nothing has cut the body off.
  return value as T;
}

function handlingOf(options: RunProcessOptions): Handling {
  const { stdin, captureStdout = false, captureStderr = false, captureLimit } = options;
  const input = stdin instanceof Uint8Array ? stdin : undefined;
  return { input, captureStdout, captureStderr, captureLimit: checkCaptureLimit(captureLimit) };
}

/** The pipes that are left to whoever gets the Process. */
function pipesOfUser(child: Child, options: RunProcessOptions): ProcessPipes {
  return {
    stdin: options.stdin === "pipe" ? child.stdin : undefined,
    stdout: options.stdout === "pipe" ? child.stdout : undefined,
    stderr: options.stderr === "pipe" ? child.stderr : undefined,
  };
}
