// The context variables of structured code, on their way through loop code. They go in with a call and do not come back: a loop
// task has those of whoever called it, whatever it calls has them too, and what structured code sets further in stays there.
//
// The code of a block begins with the block's own variables, and as long as a program sets none inside there is nothing to
// carry. From the first call that has others on, they travel in the platform's async context, at the price of one more store.
import { AsyncLocalStorage } from "node:async_hooks";
import { processWide } from "@trestle/host";
import { inStructuredTask } from "@trestle/structured";
import { carryContext, contextSnapshot, type ContextSnapshot } from "@trestle/structured/lowlevel";

/** The version of what copies of this package share: the fields of Carrier. */
const SHAPE = 1;

interface Carrier {
  storage: AsyncLocalStorage<ContextSnapshot | undefined> | undefined;
  users: number;
}

const carrier = processWide<Carrier>("@trestle/bridge carried variables", SHAPE, () => ({
  storage: undefined,
  users: 0,
}));

/** Finds the variables of the block whose loop runs the code that asks. */
export type FindVariables = () => CarriedVariables | undefined;

/** The variables of one block, in the code of its loop. */
export class CarriedVariables {
  #base: ContextSnapshot | undefined;
  #isUser = false;

  /** The block begins, with the variables that the task has now. */
  begin(): void {
    this.#base = contextSnapshot();
  }

  /** What the variables have in the code of the loop that asks. */
  get inLoop(): ContextSnapshot | undefined {
    return carrier.storage?.getStore() ?? this.#base;
  }

  /** What the variables have in the code that asks, of either flavor. */
  get snapshot(): ContextSnapshot | undefined {
    return inStructuredTask() ? contextSnapshot() : this.inLoop;
  }

  /** Whether what this code has the loop call later would begin with other variables than this code has. */
  get areToBeCarried(): boolean {
    return inStructuredTask() && contextSnapshot() !== this.inLoop;
  }

  /** Calls a function such that what it has the loop call later begins with the variables of the task that runs now. */
  carry<R>(fn: () => R): R {
    return this.#use().run(contextSnapshot(), fn);
  }

  /** The block has ended. */
  end(): void {
    if (!this.#isUser) return;
    this.#isUser = false;
    if (--carrier.users === 0) carrier.storage?.disable();
  }

  #use(): AsyncLocalStorage<ContextSnapshot | undefined> {
    if (!this.#isUser) {
      this.#isUser = true;
      carrier.users++;
    }
    return (carrier.storage ??= new AsyncLocalStorage());
  }
}

/** Has context variables read in loop code give what is carried there. */
export function showCarried(find: FindVariables): void {
  carryContext(() => find()?.inLoop);
}
