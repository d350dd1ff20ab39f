// What a loop wants of the operating system. The package @trestle/io has it; anything else of this shape will do.
import type { Release, Wait } from "@trestle/host";
import type { EventLoop } from "./event-loop.js";
import type { SubprocessProtocol, SubprocessTransport } from "./subprocess-protocol.js";

/** An open file of the operating system: its number, or something that has one. */
export type Descriptor = number | { readonly fd: number };

/** What a descriptor is to be ready for. */
export type Direction = "reading" | "writing";

/** Who is told about a descriptor. */
export interface DescriptorWatcher {
  /** It would not block now; not again before it was armed again. Not called from within `arm`. */
  ready(): void;
  /** It cannot be watched, and the watch is over. May be called from within `arm`. */
  failed(error: unknown): void;
}

/** A watch over a descriptor, in one direction. */
export interface DescriptorWatch {
  /** Has the watcher called once, as soon as the descriptor is ready. */
  arm(): void;
  /** Ends it: nothing is called any more. */
  release(): void;
}

/** A child process. Source: asyncio. */
export interface Subprocess {
  readonly pid: number;
  /** The exit code, negative for the signal that ended it; undefined while it runs. */
  readonly returnCode: number | undefined;
  /** Waits until it has ended. Cancelling that leaves it running. */
  wait(): PromiseLike<number>;
  sendSignal(signal: NodeJS.Signals): void;
  terminate(): void;
  kill(): void;
}

/** What is to run: a program with its arguments, or a line for the shell. */
export type Command =
  | { readonly program: string; readonly args: readonly string[] }
  | { readonly shell: string };

/** Where an input or output of a child leads: through a pipe, to where that of this process leads, nowhere, or to an open file. */
export type SubprocessPipe = "pipe" | "inherit" | "ignore" | Descriptor;

/** How a child process is started. */
export interface SubprocessOptions {
  /** The directory that it begins in. */
  readonly cwd?: string | undefined;
  /** Its environment, all of it. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly stdin?: SubprocessPipe | undefined;
  readonly stdout?: SubprocessPipe | undefined;
  /** "stdout" is where the output goes. */
  readonly stderr?: SubprocessPipe | "stdout" | undefined;
  /** Whether it leads a session and group of processes of its own, which signals and its end are then for. */
  readonly processGroup?: boolean | undefined;
  /** How long, in milliseconds of real time, it has for its end after SIGTERM, before SIGKILL. */
  readonly gracePeriod?: number | undefined;
  /** Whether it may go on when the loop or this process ends. */
  readonly leaveRunning?: boolean | undefined;
  /** The name that it is told for itself. */
  readonly argv0?: string | undefined;
  /** The user that it becomes, by number. */
  readonly uid?: number | undefined;
  /** The group of users that it becomes, by number. */
  readonly gid?: number | undefined;
  /** How much a reader of its outputs keeps, see StreamReader. */
  readonly limit?: number | undefined;
}

/** What is plugged into a loop. */
export interface IoLayer {
  /** Begins a watch, which is not armed yet. It throws where somebody else watches the same. The process stays alive for it. */
  watchDescriptor(
    descriptor: Descriptor,
    direction: Direction,
    watcher: DescriptorWatcher,
  ): DescriptorWatch;
  /** Has a function called at each signal, until it is released; the default behaviour is back after the last release. */
  receiveSignal(signal: string, receiver: () => void): Release;
  /** Starts a child process, whose waits are the loop's. */
  openSubprocess(loop: EventLoop, command: Command, options: SubprocessOptions): Wait<Subprocess>;
  /** Starts a child process and calls the protocol back, in the loop. */
  openSubprocessTransport(
    loop: EventLoop,
    protocol: SubprocessProtocol,
    command: Command,
    options: SubprocessOptions,
  ): Wait<SubprocessTransport>;
}
