// Where a future was made and where it is awaited, in debug mode. The platform reads `then` at the await, and calls it later with
// nothing on the stack: so the stack is taken when it is read.
import type { Future } from "./future.js";
import { stackAbove } from "./source-stack.js";

/** The stacks around a future. */
export class FutureStacks {
  /** Where it was made. */
  readonly made: string;
  /** Of those who have read `then` and not called it yet. */
  readonly #stacks: string[] = [];

  /** Watches a future from now on. */
  constructor(future: Future<unknown>, made: string) {
    this.made = made;
    const then: unknown = Reflect.get(future, "then");
    const stacks = this.#stacks;
    const get = (): unknown => {
      stacks.push(stackAbove(get));
      return then;
    };
    void Object.defineProperty(future, "then", { configurable: true, get });
  }

  /** The stack of the call of `then` that is going on. */
  take(then: object): string {
    const called = stackAbove(then);
    // A call by somebody who has just read it comes before the awaits that are on their way.
    return (isOfPlatform(called) ? this.#stacks.shift() : this.#stacks.pop()) ?? called;
  }
}

/** Whether nobody but the platform has called: newer ones name the async functions that wait, older ones give nothing. */
function isOfPlatform(stack: string): boolean {
  const [first = ""] = stack.trimStart().split("\n", 1);
  return first === "" || first.startsWith("at async ") || first.includes("node:internal/");
}
