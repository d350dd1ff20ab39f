declare module "promises-aplus-tests" {
  /** A promise with what settles it. */
  export interface Deferred {
    readonly promise: PromiseLike<unknown>;
    resolve(value: unknown): void;
    reject(reason: unknown): void;
  }

  /** Runs all tests on what the adapter makes; calls back with an error where any failed. */
  export default function promisesAplusTests(
    adapter: { deferred(): Deferred },
    options: { readonly reporter: unknown; readonly timeout: number },
    done: (failed: (Error & { readonly failures: number }) | null) => void,
  ): void;
}
