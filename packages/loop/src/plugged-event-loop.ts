// What a loop does with the world outside of it: other threads, executors, descriptors, signals and child processes. All but the
// first are plugged in, as layers; this file knows their interfaces only.
import { success, type Host, type Release, type Wait } from "@trestle/host";
import { BaseEventLoop } from "./base-event-loop.js";
import { checkExecutor, DefaultExecutor } from "./default-executor.js";
import { DescriptorWatches } from "./descriptor-watch.js";
import type { ExecutorLayer, ExecutorWork, LoopExecutor } from "./executor-layer.js";
import type { Future } from "./future.js";
import type { Handle } from "./handle.js";
import type {
  Command,
  Descriptor,
  Direction,
  IoLayer,
  Subprocess,
  SubprocessOptions,
} from "./io-layer.js";
import { LayerMissingError } from "./layer-missing-error.js";
import { LoopClosedError } from "./loop-closed-error.js";
import { LoopEnds } from "./loop-ends.js";
import { checkCallback } from "./loop-function.js";
import { SignalHandlers } from "./signal-handlers.js";
import type { SubprocessProtocol, SubprocessTransport } from "./subprocess-protocol.js";
import { ThreadsafePort, type ThreadsafeHandlers } from "./threadsafe-port.js";
import { untilOn } from "./until.js";

/** What is plugged into a loop. */
export interface LoopLayers {
  /** What runs jobs for `runInExecutor`: that of @trestle/executor, or another. */
  readonly executor?: ExecutorLayer | undefined;
  /** Descriptors, signals and child processes: that of @trestle/io, or another. */
  readonly io?: IoLayer | undefined;
}

type ProtocolFactory = () => SubprocessProtocol;

/** A loop with what is plugged into it. */
export abstract class PluggedEventLoop extends BaseEventLoop {
  readonly #executor: DefaultExecutor;
  readonly #io: IoLayer | undefined;
  readonly #watches = new DescriptorWatches(this.self);
  readonly #signals = new SignalHandlers(this.self);
  readonly #ports = new Set<ThreadsafePort>();
  readonly #ends = new LoopEnds();

  constructor(host: Host | undefined, layers: LoopLayers) {
    super(host);
    this.#executor = new DefaultExecutor(this.host, layers.executor);
    this.#io = layers.io;
  }

  /**
   * Opens a port through which another thread calls functions on this loop, by their names: see ThreadsafePort.
   *
   * @param handlers what may be called; each call is a callback of the loop
   * @throws LoopClosedError; WrongFlavorError for an async function, which nobody would await
   */
  threadsafePort(handlers: ThreadsafeHandlers): ThreadsafePort {
    if (this.isClosed()) throw new LoopClosedError("open a port");
    const port = new ThreadsafePort(this.self, handlers, (closed) => this.#ports.delete(closed));
    this.#ports.add(port);
    return port;
  }

  /**
   * Runs work in an executor, the default one for undefined.
   *
   * @returns a Future; whether its cancellation stops the work is the executor's matter
   * @throws LayerMissingError where there is no executor; ExecutorShutDownError; ArgumentError; LoopClosedError
   */
  runInExecutor<A extends unknown[], T>(
    executor: LoopExecutor | undefined,
    work: ExecutorWork<A, T>,
    ...args: A
  ): Future<T> {
    const action = "run work in an executor";
    if (this.isClosed()) throw new LoopClosedError(action);
    if (executor !== undefined) checkExecutor(executor, action);
    const { wait } = (executor ?? this.#executor.get(action)).submit(work, args);
    const name = typeof work === "function" && work.name !== "" ? `'${work.name}'` : "work";
    return untilOn(this.self, wait, `${name} in an executor`);
  }

  /** Sets the executor for work that names none; the loop shuts it down at its end. */
  setDefaultExecutor(executor: LoopExecutor): void {
    this.#executor.set(executor);
  }

  /** Takes no more work for the default executor, and waits until what there is has ended; `run` does it. */
  async shutdownDefaultExecutor(): Promise<void> {
    const wait = this.#executor.shutdown({ wait: true });
    if (wait !== undefined) await untilOn(this.self, wait, "the end of the default executor");
  }

  /**
   * Calls a function as long as a descriptor can be read from, once in each iteration, until the handle is cancelled or the reader
   * removed. A second reader of a descriptor takes the place of the first.
   *
   * @throws LayerMissingError without the layer `io`; LoopClosedError; ArgumentError; WrongFlavorError
   */
  addReader<A extends unknown[]>(
    descriptor: Descriptor,
    fn: (...args: A) => unknown,
    ...args: A
  ): Handle {
    return this.#addWatch(descriptor, "reading", fn, args);
  }

  /** Removes the reader; gives whether there was one. */
  removeReader(descriptor: Descriptor): boolean {
    return this.#watches.remove(descriptor, "reading");
  }

  /** Calls a function as long as a descriptor can be written to; otherwise like `addReader`. */
  addWriter<A extends unknown[]>(
    descriptor: Descriptor,
    fn: (...args: A) => unknown,
    ...args: A
  ): Handle {
    return this.#addWatch(descriptor, "writing", fn, args);
  }

  /** Removes the writer; gives whether there was one. */
  removeWriter(descriptor: Descriptor): boolean {
    return this.#watches.remove(descriptor, "writing");
  }

  /**
   * Calls a function at each signal that the process receives, in place of the default behaviour. A second handler of a signal
   * takes the place of the first.
   *
   * @param signal its name: "SIGTERM"
   * @throws LayerMissingError without the layer `io`; LoopClosedError; ArgumentError; WrongFlavorError
   */
  addSignalHandler<A extends unknown[]>(
    signal: string,
    fn: (...args: A) => unknown,
    ...args: A
  ): void {
    checkCallback(fn, "add a signal handler");
    this.#signals.add(this.#layer("add a signal handler"), signal, fn, args);
  }

  /** Removes the handler of a signal; gives whether there was one. */
  removeSignalHandler(signal: string): boolean {
    return this.#signals.remove(signal);
  }

  /**
   * Starts a program as a child process. With a function that makes a protocol first, that is called back, and the Future is of
   * its transport and of it; all inputs and outputs are pipes then, unless the options say otherwise.
   *
   * @returns a Future of it; cancelled before it has started, nothing is left
   * @throws LayerMissingError without the layer `io`; LoopClosedError
   */
  subprocessExec(
    program: string,
    args?: readonly string[],
    options?: SubprocessOptions,
  ): Future<Subprocess>;
  subprocessExec<P extends SubprocessProtocol>(
    protocolFactory: () => P,
    program: string,
    args?: readonly string[],
    options?: SubprocessOptions,
  ): Future<[SubprocessTransport, P]>;
  subprocessExec(first: string | ProtocolFactory, ...rest: unknown[]): Future<unknown> {
    const factory = typeof first === "function" ? first : undefined;
    const [program, args = [], options] = (factory === undefined ? [first, ...rest] : rest) as [
      program: string,
      args?: readonly string[],
      options?: SubprocessOptions,
    ];
    return this.#startSubprocess({ program, args }, `the start of '${program}'`, options, factory);
  }

  /** Runs a line in the shell, as a child process; otherwise like `subprocessExec`. */
  subprocessShell(shell: string, options?: SubprocessOptions): Future<Subprocess>;
  subprocessShell<P extends SubprocessProtocol>(
    protocolFactory: () => P,
    shell: string,
    options?: SubprocessOptions,
  ): Future<[SubprocessTransport, P]>;
  subprocessShell(first: string | ProtocolFactory, ...rest: unknown[]): Future<unknown> {
    const factory = typeof first === "function" ? first : undefined;
    const [shell, options] = (factory === undefined ? [first, ...rest] : rest) as [
      shell: string,
      options?: SubprocessOptions,
    ];
    return this.#startSubprocess({ shell }, "the start of a shell", options, factory);
  }

  /**
   * Has something of the world outside ended with the loop: `close` calls the function before anything else, and waits for it. An
   * error of it goes to the exception handler, and the loop closes all the same.
   *
   * Source: ours, for layers.
   *
   * @throws WrongFlavorError for what is no function that can be awaited
   */
  atClose(end: () => PromiseLike<void>): Release {
    return this.#ends.add(end);
  }

  #startSubprocess(
    command: Command,
    what: string,
    options: SubprocessOptions = {},
    factory?: ProtocolFactory,
  ): Future<unknown> {
    const layer = this.#layer("start a child process");
    if (factory === undefined)
      return untilOn(this.self, layer.openSubprocess(this.self, command, options), what);
    const protocol = factory();
    const wait = layer.openSubprocessTransport(this.self, protocol, command, options);
    const both: Wait<[SubprocessTransport, SubprocessProtocol]> = (resume) =>
      wait((outcome) => resume(outcome.ok ? success([outcome.value, protocol]) : outcome));
    return untilOn(this.self, both, what);
  }

  #addWatch<A extends unknown[]>(
    descriptor: Descriptor,
    direction: Direction,
    fn: (...args: A) => unknown,
    args: A,
  ): Handle {
    const action = `wait for ${direction}`;
    checkCallback(fn, action);
    return this.#watches.add(this.#layer(action), descriptor, direction, { fn, args });
  }

  #layer(action: string): IoLayer {
    if (this.isClosed()) throw new LoopClosedError(action);
    if (this.#io === undefined) throw new LayerMissingError(action, "io");
    return this.#io;
  }

  /** Ends what is to end with the loop. */
  protected endOutside(): Promise<void> {
    return this.#ends.endAll((context) => this.callExceptionHandler(context));
  }

  /** Lets go of everything outside: the loop closes. */
  protected letGoOfOutside(): void {
    this.#signals.removeAll();
    this.#watches.removeAll();
    for (const port of this.#ports) port.close();
    this.#executor.shutdown({ wait: false })?.(() => {});
  }
}
