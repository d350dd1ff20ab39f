// Calls from other threads. Functions cannot travel, so the loop names what can be called, and another thread posts a name and
// arguments, which are copied. Each post is a callback of the loop.
//
// While a port is open its loop holds the host: another thread may call at any time, so a process stays alive and a virtual clock
// stands still.
import type { MessagePort } from "node:worker_threads";
import type { Release } from "@trestle/host";
import { callIn, keepContext } from "./current.js";
import type { EventLoop } from "./event-loop.js";
import { checkCallback } from "./loop-function.js";

/** What other threads may call, by name. */
export type ThreadsafeHandlers = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What is posted. Any thread may make one by itself: `port.postMessage({ call: "add", args: [1] })`. */
export interface PostedCall {
  readonly call: string;
  readonly args?: readonly unknown[];
}

/**
 * A way into a loop for one other thread: `loop.threadsafePort` opens it.
 *
 * Source: ours, for asyncio's `call_soon_threadsafe`. Flavor: either.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run } from "@trestle/loop";
 *
 * await run(async () => {
 *   using way = getRunningLoop().threadsafePort({ report: (text: string) => console.log(text) });
 *   console.log(way.port); // hand it to a worker, and let that call threadsafeCaller(port)
 * });
 * ```
 */
export class ThreadsafePort implements Disposable {
  /** The end for the other thread, which is to be transferred: `worker.postMessage({ port }, [port])`. */
  readonly port: MessagePort;
  readonly #loop: EventLoop;
  readonly #handlers: ThreadsafeHandlers;
  readonly #own: MessagePort;
  readonly #release: Release;
  readonly #closed: (port: ThreadsafePort) => void;
  readonly #context = keepContext();
  #isClosed = false;

  /** @internal */
  constructor(
    loop: EventLoop,
    handlers: ThreadsafeHandlers,
    closed: (port: ThreadsafePort) => void,
  ) {
    for (const handler of Object.values(handlers)) checkCallback(handler, "open a port");
    const channel = new MessageChannel() as unknown as Record<"port1" | "port2", MessagePort>;
    this.port = channel.port2;
    this.#own = channel.port1;
    this.#loop = loop;
    this.#handlers = { ...handlers };
    this.#closed = closed;
    this.#release = loop.host.hold("a port for calls from another thread");
    this.#own.on("message", (message: unknown) => callIn(this.#context, this.#received, message));
    this.#own.on("messageerror", (exception: unknown) =>
      this.#refuse("what cannot be read", exception),
    );
    this.#own.on("close", () => this.#end());
  }

  /** Whether either side has closed it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Takes no calls from now on. The loop does it when it closes; the other thread may, and ends it by ending itself. */
  close(): void {
    this.#end();
    this.#own.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  readonly #received = (message: unknown): void => {
    if (this.#isClosed) return;
    const { call, args = [] } = (message ?? {}) as Partial<PostedCall>;
    if (typeof call !== "string" || !Array.isArray(args)) {
      this.#refuse("what is no call", message);
    } else if (Object.hasOwn(this.#handlers, call)) {
      this.#loop.callSoonThreadsafe(this.#handlers[call] as never, ...(args as never[]));
    } else {
      this.#refuse(`'${call}', which the port does not have`, message);
    }
  };

  #refuse(what: string, exception: unknown): void {
    this.#loop.callExceptionHandler({ message: `Another thread has called ${what}`, exception });
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#release();
    this.#closed(this);
  }
}

/**
 * Gives the function by which another thread calls into a loop, through the port that it was given. A call comes back at once, with
 * nothing; arguments are copied, and errors are the loop's.
 *
 * Source: ours, for asyncio's `call_soon_threadsafe`. Flavor: any; there need be no loop in that thread. It waits for nothing.
 *
 * @param port the `port` of a ThreadsafePort
 * @throws nothing itself; a call throws a DataCloneError for an argument that cannot be copied
 * @example
 * ```ts
 * import { workerData } from "node:worker_threads";
 * import { threadsafeCaller } from "@trestle/loop";
 *
 * interface Handlers {
 *   progress(percent: number): void;
 * }
 *
 * const call = threadsafeCaller<Handlers>(workerData.port);
 * call("progress", 50);
 * ```
 */
export function threadsafeCaller<H>(
  port: Pick<MessagePort, "postMessage">,
): <K extends keyof H & string>(name: K, ...args: ArgumentsOf<H[K]>) => void {
  return (call, ...args) => port.postMessage({ call, args } satisfies PostedCall);
}

/** The arguments of a handler. */
export type ArgumentsOf<F> = F extends (...args: infer A) => unknown ? A : never;
