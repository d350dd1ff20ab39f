import type { Future, Handle } from "@trestle/loop";

/** A structured call that nobody waits for: its error goes to the loop's exception handler. */
export class BackgroundCall implements Handle {
  readonly #call: Future<unknown>;
  #isCancelled = false;

  constructor(call: Future<unknown>) {
    this.#call = call;
    call.addDoneCallback(() => this.#ended());
  }

  cancel(): void {
    this.#isCancelled = this.#call.cancel() || this.#isCancelled;
  }

  cancelled(): boolean {
    return this.#isCancelled;
  }

  #ended(): void {
    const call = this.#call;
    const error = call.cancelled() ? undefined : call.exception();
    if (error === undefined) return;
    call.loop.callExceptionHandler({
      message: `Background task failed: ${call.describe()}`,
      exception: error,
      future: call,
    });
  }
}
