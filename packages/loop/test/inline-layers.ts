// Layers for tests: an executor that runs functions in this thread, and an operating system that does what a test says.
import { failure, success, type Outcome, type Release, type Wait } from "@trestle/host";
import type { ExecutorPending, ExecutorShutdown, LoopExecutor } from "../src/executor-layer.js";
import type {
  Command,
  DescriptorWatch,
  DescriptorWatcher,
  Direction,
  IoLayer,
  Subprocess,
  SubprocessOptions,
} from "../src/io-layer.js";
import type { SubprocessProtocol, SubprocessTransport } from "../src/subprocess-protocol.js";

/** Runs work in this thread, in the microtask after it was submitted. */
export class InlineExecutor implements LoopExecutor {
  readonly ends: ExecutorShutdown[] = [];

  submit(work: unknown, args: unknown[]): ExecutorPending<never> {
    const wait: Wait<never> = (resume) => {
      void Promise.resolve(args)
        .then((given) => (work as (...args: unknown[]) => unknown)(...given))
        .then(
          (value) => resume(success(value as never)),
          (error: unknown) => resume(failure(error)),
        );
      return () => "committed";
    };
    return { wait };
  }

  shutdown(options: ExecutorShutdown): ExecutorPending<void> {
    this.ends.push(options);
    const wait: Wait<void> = (resume) => {
      resume(success(undefined));
      return () => "committed";
    };
    return { wait };
  }
}

/** An operating system in the hand of a test. */
export class FakeIo implements IoLayer {
  /** Who waits, by "reading 5" and "writing 5". */
  readonly waiting = new Map<string, (outcome: Outcome<void>) => void>();
  readonly receivers = new Map<string, Set<() => void>>();
  readonly started: [Command, SubprocessOptions][] = [];

  watchDescriptor(
    descriptor: number | { fd: number },
    direction: Direction,
    watcher: DescriptorWatcher,
  ): DescriptorWatch {
    const what = `${direction} ${typeof descriptor === "number" ? descriptor : descriptor.fd}`;
    return {
      arm: () => {
        this.waiting.set(what, (outcome) => {
          if (outcome.ok) watcher.ready();
          else watcher.failed(outcome.error);
        });
      },
      release: () => void this.waiting.delete(what),
    };
  }

  receiveSignal(signal: string, receiver: () => void): Release {
    const receivers = this.receivers.get(signal) ?? new Set();
    this.receivers.set(signal, receivers.add(receiver));
    return () => void receivers.delete(receiver);
  }

  openSubprocess(_loop: unknown, command: Command, options: SubprocessOptions): Wait<Subprocess> {
    return (resume) => {
      this.started.push([command, options]);
      resume(success({ pid: 7, returnCode: undefined } as Subprocess));
      return () => "committed";
    };
  }

  openSubprocessTransport(
    _loop: unknown,
    protocol: SubprocessProtocol,
    command: Command,
    options: SubprocessOptions,
  ): Wait<SubprocessTransport> {
    return (resume) => {
      this.started.push([command, options]);
      const transport = { getPid: () => 7 } as SubprocessTransport;
      protocol.connectionMade?.(transport);
      resume(success(transport));
      return () => "committed";
    };
  }

  /** Ends a wait; says whether somebody waited. */
  ready(what: string, outcome: Outcome<void> = success(undefined)): boolean {
    const resume = this.waiting.get(what);
    this.waiting.delete(what);
    resume?.(outcome);
    return resume !== undefined;
  }

  signal(name: string): void {
    this.receivers.get(name)?.forEach((receiver) => receiver());
  }
}
