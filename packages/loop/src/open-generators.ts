// The async generators that a loop closes at its end. JavaScript tells nobody of a generator that was left in the middle, so a loop
// knows those that it was given.
import { ArgumentError, describe } from "@trestle/host";
import type { ExceptionContext } from "./exception-context.js";

type Generator = AsyncGenerator<unknown, unknown, unknown>;

/** Async generators that have not ended. */
export class OpenGenerators {
  readonly #open = new Set<Generator>();

  /** Takes a generator; gives one that stands for it, and that is to be used instead. Throws ArgumentError for anything else. */
  add<T, R, N>(generator: AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    checkGenerator(generator);
    const key = generator as Generator;
    this.#open.add(key);
    const watch = async (step: Promise<IteratorResult<T, R>>): Promise<IteratorResult<T, R>> => {
      let isDone = true;
      try {
        const result = await step;
        isDone = result.done === true;
        return result;
      } finally {
        if (isDone) this.#open.delete(key);
      }
    };
    const standIn = {
      next: (...args: [] | [N]) => watch(generator.next(...args)),
      return: (value: R | PromiseLike<R>) => watch(generator.return(value)),
      throw: (error: unknown) => watch(generator.throw(error)),
      [Symbol.asyncIterator]: () => standIn,
      [Symbol.asyncDispose]: async () => {
        await standIn.return(undefined as R);
      },
    } as AsyncGenerator<T, R, N>;
    return standIn;
  }

  /** Closes all, at the same time, and tells of the errors. */
  async closeAll(tell: (context: ExceptionContext) => void): Promise<void> {
    const generators = [...this.#open];
    this.#open.clear();
    const closing = generators.map((generator) => generator.return(undefined));
    for (const [i, end] of (await Promise.allSettled(closing)).entries()) {
      if (end.status === "fulfilled") continue;
      const message = "An async generator failed while the event loop closed it";
      tell({ message, exception: end.reason, asyncgen: generators[i] as Generator });
    }
  }
}

function checkGenerator(generator: unknown): void {
  const {
    next,
    return: end,
    throw: fail,
    [Symbol.asyncIterator]: iterate,
  } = (generator ?? {}) as Partial<Generator>;
  if ([next, end, fail, iterate].every((method) => typeof method === "function")) return;
  throw new ArgumentError(
    `Cannot track ${describe(generator)}: an async generator is wanted.\nCall the async generator function, and give what it returns.`,
  );
}
