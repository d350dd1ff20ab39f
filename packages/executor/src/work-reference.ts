/**
 * What stands for a function in another thread, or on another machine: an export of a module. Functions themselves cannot
 * travel; whoever runs the work imports the module, and calls the export by its name. `moduleRef` makes it.
 *
 * Source: ours. Flavor: either.
 */
export interface WorkReference<A extends unknown[], T> {
  /** The module's URL, or the name under which `expose` has its functions. */
  readonly module: string;
  /** The name of the export. */
  readonly name: string;
  /** Never there: it carries the types of the arguments and of the result. */
  readonly signature?: (...args: A) => T | PromiseLike<T>;
}

type AnyFunction = (...args: never[]) => unknown;

/** References to the functions that a module exports, by their names. */
export type ModuleReference<M> = {
  readonly [K in keyof M as M[K] extends AnyFunction ? K : never]: M[K] extends (
    ...args: infer A
  ) => infer R
    ? WorkReference<A, Awaited<R>>
    : never;
};
