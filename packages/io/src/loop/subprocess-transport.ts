// A child process whose protocol is called back, in the loop. It holds the loop's host until its last call: nobody else waits for it.
import type { Wait } from "@trestle/host";
import type {
  EventLoop,
  ReadPipeTransport,
  SubprocessOptions,
  SubprocessProtocol,
  SubprocessTransport,
  WritePipeTransport,
} from "@trestle/loop";
import type { Readable } from "node:stream";
import type { Child } from "../process/child.js";
import { checkCommand, type Command } from "../process/command.js";
import { checkSpec } from "../process/start-child.js";
import { startInLoop } from "./children-of-loop.js";
import { ReadPipe, WritePipe } from "./pipe-transports.js";

/** Starts a child process of a loop whose protocol is called back. @throws ArgumentError for what makes no sense */
export function openSubprocessTransport(
  loop: EventLoop,
  protocol: SubprocessProtocol,
  command: Command,
  options: SubprocessOptions,
): Wait<SubprocessTransport> {
  const { stdin = "pipe", stdout = "pipe", stderr = "pipe" } = options;
  const pipes = { stdin, stdout, stderr };
  const spec = checkSpec({ command: checkCommand(command), options, pipes });
  return startInLoop(loop, spec, (child) => new ChildTransport(loop, child, protocol));
}

class ChildTransport implements SubprocessTransport {
  readonly #loop: EventLoop;
  readonly #child: Child;
  readonly #protocol: SubprocessProtocol;
  readonly #stdin: WritePipe | undefined;
  readonly #outputs = new Map<1 | 2, ReadPipe>();
  readonly #release: () => void;
  #open = 1;
  #isClosing = false;

  constructor(loop: EventLoop, child: Child, protocol: SubprocessProtocol) {
    this.#loop = loop;
    this.#child = child;
    this.#protocol = protocol;
    this.#release = loop.host.hold(`the end of ${child.description}`);
    this.#soon(() => protocol.connectionMade?.(this));
    if (child.stdin !== undefined) {
      this.#open++;
      this.#stdin = new WritePipe(child.stdin, (error) => this.#lost(0, error));
    }
    this.#read(1, child.stdout);
    this.#read(2, child.stderr);
    if (child.returnCode === undefined) child.whenEnded(() => this.#exited());
    else this.#exited();
  }

  getPid(): number {
    return this.#child.pid;
  }

  getReturncode(): number | undefined {
    return this.#child.returnCode;
  }

  getPipeTransport(fd: 0): WritePipeTransport | undefined;
  getPipeTransport(fd: 1 | 2): ReadPipeTransport | undefined;
  getPipeTransport(fd: 0 | 1 | 2): WritePipeTransport | ReadPipeTransport | undefined {
    return fd === 0 ? this.#stdin : this.#outputs.get(fd);
  }

  sendSignal(signal: NodeJS.Signals): void {
    this.#child.send(signal);
  }

  terminate(): void {
    this.#child.send("SIGTERM");
  }

  kill(): void {
    this.#child.send("SIGKILL");
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#child.send("SIGKILL");
    this.#child.destroyStreams();
  }

  isClosing(): boolean {
    return this.#isClosing;
  }

  #read(fd: 1 | 2, stream: Readable | undefined): void {
    if (stream === undefined) return;
    this.#open++;
    const received = (data: Uint8Array): void =>
      this.#soon(() => this.#protocol.pipeDataReceived?.(fd, data));
    this.#outputs.set(fd, new ReadPipe(stream, received, (error) => this.#lost(fd, error)));
  }

  #exited(): void {
    this.#soon(() => this.#protocol.processExited?.());
    this.#closed();
  }

  #lost(fd: number, error: unknown): void {
    this.#soon(() => this.#protocol.pipeConnectionLost?.(fd, error));
    this.#closed();
  }

  #closed(): void {
    if (--this.#open > 0) return;
    this.#isClosing = true;
    this.#soon(() => this.#protocol.connectionLost?.(undefined));
    this.#release();
  }

  /** In the loop, in order; a loop that has closed hears nothing. */
  #soon(callback: () => void): void {
    if (!this.#loop.isClosed()) this.#loop.callSoonThreadsafe(callback);
  }
}
