// One task of a loop in which a resource is entered, held and left, for structured code that does something with it meanwhile.
// The body runs in the structured task, in a scope that is the resource's to cancel: so a task group or a timeout over there
// reaches it, as it would an `await`.
//
//   entering ── the resource calls its body ──▶ inside ── the structured body has ended ──▶ leaving ──▶ left
//
// A cancellation of the structured task finds the entering; or ends the body, and is then delivered to the leaving, at its first
// suspension. The leaving always runs.
import { failure, success, type Outcome } from "@trestle/host";
import { CancelledError, type EventLoop, type Task } from "@trestle/loop";
import { isCancelled, type Operation } from "@trestle/structured";
import { callStructured, suspend } from "@trestle/structured/lowlevel";
import { throwBoth } from "./both-errors.js";
import { cancellationOf, HostStep } from "./host-step.js";
import { isLoopResource, passThrough, type Saying } from "./loop-resource.js";
import { StructuredCall, waitForFuture } from "./translate-cancel.js";

/**
 * Runs a body with a resource of the loop flavor.
 *
 * @param start gives the resource, or a promise of it; called in the host
 * @param name of the host task
 */
export function* holdLoopResource<A extends unknown[], T>(
  loop: EventLoop,
  start: () => unknown,
  name: string,
  body: (value: never, ...args: A) => Operation<T>,
  args: A,
): Operation<T> {
  const host = new ResourceHost(loop, start, name);
  const value = yield* suspend(waitForFuture(host.entered), `the entering of '${name}'`);
  const inside = yield* outcomeOf(host.runInside(body, [value as never, ...args]));
  const left = yield* outcomeOf(suspend(waitForFuture(host.left), `the leaving of '${name}'`));
  if (host.saying === "block") {
    if (!left.ok && (inside.ok || !isCancellation(left.error))) throw left.error;
    if (left.ok && (inside.ok || !host.isIgnorant || isCancellation(inside.error)))
      return left.value as T;
  }
  if (inside.ok) {
    if (left.ok) return inside.value;
    throw left.error;
  }
  if (!left.ok) return yield* throwBoth(inside.error, left.error);
  if (host.saying === "body" && left.value === true) return undefined as T;
  throw inside.error;
}

function isCancellation(error: unknown): boolean {
  return isCancelled(error) || cancellationOf(error) !== undefined;
}

function* outcomeOf<T>(operation: Operation<T>): Operation<Outcome<T>> {
  try {
    return success(yield* operation);
  } catch (error) {
    return failure(error);
  }
}

class ResourceHost {
  /** Done when the body can begin. */
  readonly entered: HostStep<unknown>;
  /** Done when the resource has been left. */
  readonly left: HostStep<unknown>;
  saying: Saying = "body";
  /** Whether the resource ended before its body did, and does not know what became of that. */
  isIgnorant = false;
  /** The structured body, as the resource sees it. */
  readonly #body: StructuredCall<unknown>;
  readonly #task: Task<void>;
  #isLeaving = false;
  /** A cancellation of the leaving that came before it began. */
  #asked: { readonly message: string | undefined } | undefined;

  constructor(loop: EventLoop, start: () => unknown, name: string) {
    const step = (what: string, ask: (message: string | undefined) => void): HostStep<unknown> =>
      new HostStep({ loop, description: `the ${what} of '${name}'` }, ask);
    this.entered = step("entering", (message) => this.#task.cancel(message));
    this.left = step("leaving", (message) => this.#cancelLeaving(message));
    this.#body = new StructuredCall({
      loop,
      description: `what structured code does in '${name}'`,
    });
    this.#task = loop.createTask(() => this.#pass(start));
    this.#task.name = name;
    // One that was cancelled before its first step never runs.
    this.#task.addDoneCallback(() => this.#finish(failure(new CancelledError())));
  }

  /** Runs the structured body, and gives what becomes of it, to the resource too. */
  *runInside<A extends unknown[], T>(body: (...args: A) => Operation<T>, args: A): Operation<T> {
    yield* this.#body.host(() => callStructured(body, args, "hold a resource of loop code"));
    return this.#body.result() as T;
  }

  async #pass(start: () => unknown): Promise<void> {
    let outcome: Outcome<unknown>;
    try {
      const started = start();
      const resource = isLoopResource(started) ? started : await started;
      const inside = (value: unknown, saying: Saying): Promise<unknown> =>
        this.#inside(value, saying);
      outcome = success(await passThrough(resource, inside));
    } catch (error) {
      outcome = failure(error);
    }
    this.#finish(outcome);
  }

  async #inside(value: unknown, saying: Saying): Promise<unknown> {
    this.saying = saying;
    this.entered.settle(success(value));
    try {
      return await this.#body;
    } finally {
      this.#isLeaving = true;
      if (this.#asked !== undefined) this.#task.cancel(this.#asked.message);
    }
  }

  #cancelLeaving(message: string | undefined): void {
    if (this.#isLeaving) this.#task.cancel(message);
    else this.#asked = { message };
  }

  #finish(outcome: Outcome<unknown>): void {
    if (this.entered.done()) this.left.settle(outcome);
    else this.entered.settle(outcome);
    if (this.#body.done()) return;
    this.isIgnorant = true;
    this.#body.cancel("the resource has been left");
  }
}
