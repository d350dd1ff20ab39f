// A function that sends values, as a channel in a block: what a generator that yields values would be, safely. The function is
// a task of its own, so its scopes and nurseries are never open around the consumer's code.
//
// Nothing is made before somebody asks: the producer is called when the first receiver waits, and each `send` goes on when the
// next one does.
//
//   idle ── a receiver begins to wait ──▶ producing ── send ──▶ idle, or, where that receiver has gone, holding the value
//   holding ── somebody receives ──▶ idle
//   each ── the block ends, or all receivers close ──▶ cancelled
import { describe, ExceptionGroup } from "@trestle/host";
import type { Body } from "../block.js";
import { isCancelled } from "../cancelled.js";
import { ChannelState, failWaiting, type Supplier } from "./channel-state.js";
import { LinkedList } from "../linked-list.js";
import { named } from "../named.js";
import { openNursery, type Nursery } from "../nursery.js";
import { callStructured, requireStructured } from "../operation-of.js";
import type { Operation } from "../operation.js";
import { ReceiveChannel } from "./receive-channel.js";
import { noReceiver } from "./send-channel.js";
import { BrokenResourceError, ClosedResourceError, EndOfChannel } from "../sync/resource-errors.js";
import { Waiter, type Waitable } from "../sync/waiter.js";
import type { EndWatcher } from "../task-parties.js";
import type { TaskRecord } from "../task-record.js";

/** A function that sends values, one after another, and ends when there are no more. */
export type Producer<T, A extends unknown[]> = (
  send: (value: T) => Operation<void>,
  ...args: A
) => Operation<unknown>;

/** A block in which the values of a producer are received. */
export type SafeChannel<T> = <A extends unknown[], R>(
  body: Body<ReceiveChannel<T>, A, R>,
  ...args: A
) => Operation<R>;

/**
 * Makes a block of a function that sends values: the body receives what the function sends, and the function ends with the block.
 *
 * The function runs as a task of the block, only ahead of the consumer as far as it is asked: it is called when somebody
 * first receives, and a `send` goes on when somebody asks for the next value. When the body has ended, or has closed all receivers,
 * the function is cancelled, at its `send` or wherever it waits; the block waits for it. So Cancelled at a `send` does not tell
 * whether the value was received.
 *
 * When the function ends, so does the channel. An error of it cancels the body and comes out of the block; one that
 * comes alone, of either, comes out as it is. Source: Trio's `as_safe_channel`. Flavor: structured.
 *
 * @param producer receives `send`, then the arguments of the call
 * @throws WrongFlavorError for what is no structured function; the block throws what producer and body throw, an ExceptionGroup where
 * both did
 * @example
 * ```ts
 * import { asSafeChannel, run, sleep, type Operation } from "@trestle/structured";
 *
 * const ticks = asSafeChannel(function* (send: (tick: number) => Operation<void>, ms: number) {
 *   for (let tick = 1; ; tick++) {
 *     yield* sleep(ms);
 *     yield* send(tick);
 *   }
 * });
 *
 * await run(() =>
 *   ticks(10)(function* (receive) {
 *     console.log(yield* receive.receive());
 *     console.log(yield* receive.receive());
 *   }),
 * );
 * ```
 */
export function asSafeChannel<T, A extends unknown[]>(
  producer: Producer<T, A>,
): (...args: A) => SafeChannel<T> {
  requireStructured(producer, ACTION);
  const name = producer.name || "producer";
  return (...args) => {
    const produce = named(name, (supply: Supply<T>) => supply.produce(producer, args));
    return (body, ...bodyArgs) => consume(produce, body, bodyArgs);
  };
}

const ACTION = "make a safe channel";

type Produce<T> = (supply: Supply<T>) => Operation<unknown>;

function* consume<T, A extends unknown[], R>(
  produce: Produce<T>,
  body: Body<ReceiveChannel<T>, A, R>,
  args: A,
): Operation<R> {
  const supply = new Supply<T>();
  try {
    return yield* openNursery(supplied<T, A, R>, supply, produce, body, args);
  } catch (error) {
    throw error instanceof ExceptionGroup ? supply.errorOf(error) : error;
  }
}

function* supplied<T, A extends unknown[], R>(
  nursery: Nursery,
  supply: Supply<T>,
  produce: Produce<T>,
  body: Body<ReceiveChannel<T>, A, R>,
  args: A,
): Operation<R> {
  const receive = supply.open(nursery, produce);
  try {
    return yield* callStructured(body, [receive, ...args], "receive from a safe channel");
  } finally {
    receive.close();
    supply.stop("its block has ended");
  }
}

class Supply<T> implements Supplier<T>, EndWatcher, Waitable<void, T> {
  before: EndWatcher | null = null;
  after: EndWatcher | null = null;
  readonly #state = new ChannelState<T>(0, this);
  /** The producer, where it waits until somebody asks. */
  readonly #idle = new LinkedList<Waiter<void, unknown>>();
  readonly #demand: Waitable<void, undefined> = {
    awaited: () => this.awaited(),
    attempt: (waiter) => this.#isAsked() || waiter.enqueue(this.#idle),
  };
  #task: TaskRecord | undefined;
  #isStopped = false;

  open(nursery: Nursery, produce: Produce<T>): ReceiveChannel<T> {
    this.#state.openSend = 1;
    this.#task = nursery.startSoon(produce, this) as TaskRecord;
    this.#task.watch(this);
    return new ReceiveChannel(this.#state);
  }

  /** The work of the producer's task. */
  *produce<A extends unknown[]>(producer: Producer<T, A>, args: A): Operation<void> {
    yield* new Waiter<void>(this.#demand, undefined);
    const send = (value: T): Operation<void> => new Waiter<void, T>(this, value);
    yield* callStructured(producer, [send, ...args], ACTION);
  }

  /** Nobody will receive any more: the producer is cancelled, and whoever sends in a shield goes on. */
  stop(reason: string): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#task?.cancel(reason);
    this.#wakeIdle();
    failWaiting(this.#state.senders, noReceiver);
  }

  /** What comes out of the block: a lone error as it is. A receive that failed with the producer is no error of its own. */
  errorOf(group: ExceptionGroup): unknown {
    const failure = this.#task?.ending;
    const errors = group.errors.filter(
      (error) => !(error instanceof BrokenResourceError && isCausedBy(error, failure)),
    );
    if (errors.length === 1) return errors[0];
    const message = `${errors.length} errors in the safe channel of producer '${this.#task?.name}'`;
    return new ExceptionGroup(message, errors);
  }

  asked(): void {
    this.#wakeIdle();
  }

  taken(sender: Waiter<void, T>): void {
    sender.moveTo(this.#idle);
  }

  abandoned(): void {
    this.stop("all receivers have closed");
  }

  taskEnded(): void {
    const state = this.#state;
    state.openSend = 0;
    this.#wakeIdle();
    failWaiting(state.senders, closed);
    failWaiting(state.receivers, () => this.ending());
  }

  ending(): unknown {
    const { hasFailed, ending, name } = this.#task as TaskRecord;
    if (!hasFailed) return new EndOfChannel();
    if (isCancelled(ending))
      return new BrokenResourceError("receive", `the producer '${name}' was cancelled`);
    const why = `the producer '${name}' failed with ${describe(ending)}`;
    return new BrokenResourceError("receive", why, { cause: ending });
  }

  awaited(): string {
    return "somebody who receives from its safe channel";
  }

  attempt(waiter: Waiter<void, T>): boolean {
    const state = this.#state;
    if (state.openSend === 0) throw closed();
    if (this.#isStopped) throw noReceiver();
    if (!state.offer(waiter.subject)) return waiter.enqueue(state.senders);
    return this.#isAsked() || waiter.enqueue(this.#idle);
  }

  #isAsked(): boolean {
    return this.#state.receivers.first !== null;
  }

  #wakeIdle(): void {
    for (let waiter = this.#idle.first; waiter !== null; waiter = this.#idle.first)
      waiter.succeed();
  }
}

function closed(): ClosedResourceError {
  return new ClosedResourceError("send");
}

function isCausedBy(error: Error, failure: unknown): boolean {
  return failure !== undefined && error !== failure && error.cause === failure;
}
