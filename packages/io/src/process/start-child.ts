// The start of a child process, as a Wait. Once it has begun it cannot be taken back, so a start that is cancelled ends the child
// before it says so, unless its caller does: nothing is left.
import { failure, success, type Host, type Outcome, type Wait } from "@trestle/host";
import { spawn, type ChildProcess, type SpawnOptions, type StdioOptions } from "node:child_process";
import { Child, type ChildTraits } from "./child.js";
import {
  checkChildOptions,
  checkPipes,
  GRACE_PERIOD_MS,
  type ChildErrorPipe,
  type ChildOptions,
  type ChildPipe,
  type ChildPipes,
} from "./child-options.js";
import { commandText, type Command } from "./command.js";
import { endChild } from "./end-child.js";
import { openPipeEnds, type PipeEnds } from "./merged-output.js";
import { outputErrorOf, startErrorOf } from "./start-errors.js";

/** What is to be started, and how. */
export interface ChildSpec {
  readonly command: Command;
  readonly options: ChildOptions;
  readonly pipes: ChildPipes;
}

/** Gives what is to be started. @throws ArgumentError for options that make no sense */
export function checkSpec(spec: ChildSpec): ChildSpec {
  checkChildOptions(spec.options);
  checkPipes(spec.pipes);
  return spec;
}

/**
 * Starts a child process. It resumes with it when the system has started it.
 *
 * @param unwanted takes a child that has started after a cancellation, before that goes on; unless given, it is killed
 */
export function startChild(
  host: Host,
  spec: ChildSpec,
  unwanted: (child: Child) => Wait<void> = (child) => killed(child, host),
): Wait<Child> {
  return (resume) => {
    const start = new Start(host, spec, unwanted, resume);
    void start.begin();
    return (cancelled) => {
      start.cancelled = { reason: cancelled };
      return "committed";
    };
  };
}

function killed(child: Child, host: Host): Wait<void> {
  child.destroyStreams();
  return endChild(child, host, 0);
}

class Start {
  cancelled: { readonly reason: unknown } | undefined;
  readonly #spec: ChildSpec;
  readonly #unwanted: (child: Child) => Wait<void>;
  readonly #resume: (outcome: Outcome<Child>) => void;

  constructor(
    host: Host,
    spec: ChildSpec,
    unwanted: (child: Child) => Wait<void>,
    resume: (outcome: Outcome<Child>) => void,
  ) {
    this.#spec = spec;
    this.#unwanted = unwanted;
    const release = host.hold(`the start of '${commandText(spec.command)}'`);
    this.#resume = (outcome) => {
      release();
      resume(outcome);
    };
  }

  async begin(): Promise<void> {
    const { command, options, pipes } = this.#spec;
    let ends: PipeEnds | undefined;
    if (pipes.stderr === "stdout" && pipes.stdout === "pipe") {
      try {
        ends = await openPipeEnds();
      } catch (error) {
        this.#resume(failure(outputErrorOf(error, command)));
        return;
      }
    }
    try {
      const child = launch(this.#spec, ends);
      child.on("error", (error) => {
        if (child.pid !== undefined) return;
        for (const stream of child.stdio) stream?.destroy();
        this.#failed(error, ends);
      });
      child.on("spawn", () =>
        this.#started(new Child(child, traitsOf(command, options), ends?.near)),
      );
    } catch (error) {
      this.#failed(error, ends);
    } finally {
      // The child has its own by now.
      ends?.far.destroy();
    }
  }

  #started(child: Child): void {
    const { cancelled } = this;
    if (cancelled === undefined) this.#resume(success(child));
    else this.#unwanted(child)(() => this.#resume(failure(cancelled.reason)));
  }

  #failed(error: unknown, ends: PipeEnds | undefined): void {
    ends?.near.destroy();
    const { command, options } = this.#spec;
    this.#resume(failure(startErrorOf(error, command, options.cwd)));
  }
}

function traitsOf(command: Command, options: ChildOptions): ChildTraits {
  const { processGroup = false, leaveRunning = false, gracePeriod = GRACE_PERIOD_MS } = options;
  return { command, processGroup, leaveRunning, gracePeriod };
}

function launch({ command, options, pipes }: ChildSpec, ends: PipeEnds | undefined): ChildProcess {
  const { cwd, env, processGroup = false, argv0, uid, gid } = options;
  const how: SpawnOptions = {
    stdio: stdioOf(pipes, ends),
    detached: processGroup,
    windowsHide: true,
    shell: "shell" in command,
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env: { ...env } }),
    ...(argv0 !== undefined && { argv0 }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  };
  if ("shell" in command) return spawn(command.shell, how);
  return spawn(command.program, [...command.args], how);
}

function stdioOf({ stdin, stdout, stderr }: ChildPipes, ends: PipeEnds | undefined): StdioOptions {
  if (ends !== undefined) return [entryOf(stdin), ends.far, ends.far];
  const output = entryOf(stdout);
  return [entryOf(stdin), output, stderr === "stdout" ? alsoTo(stdout, output) : entryOf(stderr)];
}

type Entry = "pipe" | "inherit" | "ignore" | number;

function entryOf(pipe: Exclude<ChildErrorPipe, "stdout">): Entry {
  return typeof pipe === "object" ? pipe.fd : pipe;
}

/** Where the error output goes with the output: "inherit" would be this process's own error output. */
function alsoTo(stdout: ChildPipe, output: Entry): Entry {
  return stdout === "inherit" ? 1 : output;
}
