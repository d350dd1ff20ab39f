// A child process by callbacks, as asyncio's low level has it. What is here are words only: a layer of the operating system does it.

/** Is called back about a child process; each call is a callback of the loop. Source: asyncio. Flavor: loop. */
export interface SubprocessProtocol {
  /** The child has started. */
  connectionMade?(transport: SubprocessTransport): void;
  /** The child has written something, to 1, its output, or to 2, its error output. */
  pipeDataReceived?(fd: number, data: Uint8Array): void;
  /** One of the pipes is closed, 0, 1 or 2; with an error where it broke. */
  pipeConnectionLost?(fd: number, error: unknown): void;
  /** The child has ended. Its pipes may still give something. */
  processExited?(): void;
  /** The child has ended, and all of its pipes are closed: this is the last call. */
  connectionLost?(error: unknown): void;
}

/** The input of a child, to write into. */
export interface WritePipeTransport {
  /** Sends bytes soon. */
  write(data: Uint8Array): void;
  /** Closes it when all has been sent. */
  close(): void;
  /** Closes it at once. */
  abort(): void;
  isClosing(): boolean;
  /** How many bytes have not been sent. */
  getWriteBufferSize(): number;
}

/** An output of a child, which the protocol is told of. */
export interface ReadPipeTransport {
  /** Nothing is read until `resumeReading`: the child waits when the pipe is full. */
  pauseReading(): void;
  resumeReading(): void;
  /** Closes it: the child's next write fails. */
  close(): void;
  isClosing(): boolean;
}

/** A child process whose protocol is called back. Source: asyncio. Flavor: loop. */
export interface SubprocessTransport {
  getPid(): number;
  /** The exit code, negative for the signal that ended it; undefined while it runs. */
  getReturncode(): number | undefined;
  /** The transport of a pipe; undefined where there is none. */
  getPipeTransport(fd: 0): WritePipeTransport | undefined;
  getPipeTransport(fd: 1 | 2): ReadPipeTransport | undefined;
  sendSignal(signal: NodeJS.Signals): void;
  terminate(): void;
  kill(): void;
  /** Closes the pipes, and kills the child where it runs. */
  close(): void;
  isClosing(): boolean;
}
