/**
 * One thing that everything of a kind must show: a title, and a run that fails where it is not shown. It needs no test
 * runner; any can take a list of them.
 *
 * @example
 * ```ts
 * import { hostBehaviours, VirtualHost } from "@trestle/testing";
 * import { test } from "vitest";
 *
 * for (const { title, run } of hostBehaviours(() => ({ host: new VirtualHost() }))) test(title, run);
 * ```
 */
export interface Behaviour {
  /** A sentence that says what is shown. */
  readonly title: string;
  /** Rejects with a BehaviourError where it is not shown. May be called again; each call starts afresh. */
  readonly run: () => Promise<void>;
}
