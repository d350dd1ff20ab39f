// What a loop wants of the operating system. The package @trestle/io has it; anything else of this shape will do.
import type { Release, Wait } from "@trestle/host";
import type { EventLoop } from "./event-loop.js";

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
  sendSignal(signal: string): void;
  terminate(): void;
  kill(): void;
}

/** What is to run: a program with its arguments, or a line for the shell. */
export type Command =
  | { readonly program: string; readonly args: readonly string[] }
  | { readonly shell: string };

/** How a child process is started; the layer may know more. */
export interface SubprocessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: "pipe" | "inherit" | "ignore" | number;
  readonly stdout?: "pipe" | "inherit" | "ignore" | number;
  readonly stderr?: "pipe" | "inherit" | "ignore" | number;
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
}
