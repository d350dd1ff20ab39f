import type { Operation } from "@trestle/structured";
import { currentHost, suspend } from "@trestle/structured/lowlevel";
import type { Child } from "../process/child.js";
import type { ChildErrorPipe, ChildOptions, ChildPipe } from "../process/child-options.js";
import { commandOf, commandText } from "../process/command.js";
import { checkSpec, startChild, type ChildSpec } from "../process/start-child.js";
import { childrenOfRun, endWithRun } from "./children-of-run.js";
import { Process } from "./process.js";

/** How a process is opened. */
export interface OpenProcessOptions extends ChildOptions {
  /** Whether the command is a line for the shell. */
  readonly shell?: boolean | undefined;
  /** Where its input comes from; that of this process unless given. */
  readonly stdin?: ChildPipe | undefined;
  /** Where its output goes; where that of this process goes unless given. */
  readonly stdout?: ChildPipe | undefined;
  /** Where its error output goes: as `stdout`, or with it. */
  readonly stderr?: ChildErrorPipe | undefined;
}

/**
 * Starts a process, and gives it when it has started.
 *
 * Cancelled meanwhile, nothing is left of it. It may outlive the scope and the task that opened it, and is ended with the run at
 * the latest, unless `leaveRunning` says otherwise: SIGTERM, `gracePeriod`, SIGKILL. Give it to `using` for a block that ends it.
 * Whoever only wants it done calls `runProcess`. Source: Trio's `open_process`; the end is ours. Flavor: structured. Node only.
 *
 * @param command the program and its arguments; with `shell`, a line of text
 * @throws ProcessStartError, and its subclasses ProgramNotFoundError, ProgramNotExecutableError, WorkingDirectoryError and
 * CommandTooLongError; ArgumentError at the call
 * @example
 * ```ts
 * import { openProcess, type Process } from "@trestle/io/structured";
 * import { run, using } from "@trestle/structured";
 *
 * await run(() =>
 *   using(
 *     openProcess(["cat"], { stdin: "pipe", stdout: "pipe" }),
 *     function* (cat: Process) {
 *       yield* cat.stdin!.sendAll(new TextEncoder().encode("hello"));
 *       console.log(new TextDecoder().decode(yield* cat.stdout!.receiveSome()));
 *     },
 *   ),
 * );
 * ```
 */
export function openProcess(
  command: readonly string[] | string,
  options: OpenProcessOptions = {},
): Operation<Process> {
  const { shell = false, stdin = "inherit", stdout = "inherit", stderr = "inherit" } = options;
  const pipes = { stdin, stdout, stderr };
  return open(checkSpec({ command: commandOf(command, shell), options, pipes }));
}

function* open(spec: ChildSpec): Operation<Process> {
  const children = childrenOfRun();
  const child = yield* startProcess(spec);
  endWithRun(child, children);
  return new Process(child, child);
}

/** Starts a child process, which is the caller's to end. */
export function startProcess(spec: ChildSpec): Operation<Child> {
  const wait = startChild(currentHost(), spec);
  return suspend(wait, `the start of '${commandText(spec.command)}'`);
}
