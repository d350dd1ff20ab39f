import type { Wait } from "@trestle/host";
import type { EventLoop, SignalOption, SubprocessOptions } from "@trestle/loop";
import { checkCommand, type Command } from "../process/command.js";
import { checkSpec, type ChildSpec } from "../process/start-child.js";
import { startHere, startInLoop } from "./children-of-loop.js";
import { Process } from "./process.js";

/** How a child process is started. */
export interface CreateSubprocessOptions extends SubprocessOptions, SignalOption {}

/**
 * Starts a program as a child process, and gives it when it has started.
 *
 * Cancelled meanwhile, nothing is left of it. Its inputs and outputs are those of this process, unless the options make pipes of
 * them. It may outlive the task, and is ended when the loop closes, unless `leaveRunning` says otherwise: SIGTERM, `gracePeriod`,
 * SIGKILL. Source: asyncio; the end is ours, as asyncio leaves it running. Flavor: loop. Node only.
 *
 * @throws ProcessStartError, and its subclasses ProgramNotFoundError, ProgramNotExecutableError, WorkingDirectoryError and
 * CommandTooLongError; the reason of `signal`; ArgumentError; NoLoopError
 * @example
 * ```ts
 * import { createSubprocessExec } from "@trestle/io/loop";
 * import { run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const sort = await createSubprocessExec("sort", [], { stdin: "pipe", stdout: "pipe" });
 *   const [output] = await sort.communicate("b\na\n");
 *   console.log(String(output)); // "a\nb\n"
 * });
 * ```
 */
export async function createSubprocessExec(
  program: string,
  args: readonly string[] = [],
  options: CreateSubprocessOptions = {},
): Promise<Process> {
  return create({ program, args }, options);
}

/**
 * Runs a line in the shell, as a child process; otherwise like `createSubprocessExec`.
 *
 * Source: asyncio. Flavor: loop. Node only. Cancelled while it waits for the start, nothing is left of it.
 *
 * @param line is the shell's to understand: put nothing into it that somebody else has written
 * @throws like `createSubprocessExec`
 * @example
 * ```ts
 * import { createSubprocessShell } from "@trestle/io/loop";
 * import { run } from "@trestle/loop";
 *
 * await run(async () => {
 *   const count = await createSubprocessShell("ls | wc -l", { stdout: "pipe" });
 *   for await (const line of count.stdout!) console.log(String(line).trim());
 *   await count.wait();
 * });
 * ```
 */
export async function createSubprocessShell(
  line: string,
  options: CreateSubprocessOptions = {},
): Promise<Process> {
  return create({ shell: line }, options);
}

async function create(command: Command, options: CreateSubprocessOptions): Promise<Process> {
  return startHere(specOf(command, options), options, (child, loop) => {
    return new Process(loop, child, options.limit);
  });
}

/** Starts a child process of a loop, for the loop's own method. @throws ArgumentError for what makes no sense */
export function openSubprocess(
  loop: EventLoop,
  command: Command,
  options: SubprocessOptions,
): Wait<Process> {
  const spec = specOf(command, options);
  return startInLoop(loop, spec, (child) => new Process(loop, child, options.limit));
}

function specOf(command: Command, options: SubprocessOptions): ChildSpec {
  const { stdin = "inherit", stdout = "inherit", stderr = "inherit" } = options;
  return checkSpec({ command: checkCommand(command), options, pipes: { stdin, stdout, stderr } });
}
