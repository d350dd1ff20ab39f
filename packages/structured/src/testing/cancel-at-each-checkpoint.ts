import { DeadlockError, platformHost, TrestleError, type Host } from "@trestle/host";
import { named } from "../named.js";
import { requireStructured } from "../operation-of.js";
import type { StructuredFunction } from "../operation.js";
import { run } from "../run/run.js";
import {
  checkPatience,
  findingsOf,
  MOST_STEPS,
  type Attempt,
  type Patience,
} from "./cancellation-findings.js";
import { CancellationReport, type CancellationFinding } from "./cancellation-report.js";
import type { CancellationWatch } from "./cancellation-watch.js";
import { Injection } from "./injection.js";
import { MockClock } from "./mock-clock.js";
import { StoppableHost } from "./stoppable-host.js";

/** How cancellations are injected. */
export interface InjectionOptions extends Patience {
  /** Makes the host of one run; unless given each has the platform's, with a MockClock that jumps at once. */
  readonly host?: () => Host;
  /** The seed of every run. */
  readonly seed?: number;
}

/** An operation that was to be cancelled at each checkpoint fails, or does not end, when nobody cancels it. */
export class InjectionError extends TrestleError {
  static override readonly code = "TRESTLE_INJECTION";

  constructor(name: string, why: string, cause?: unknown) {
    super(
      "InjectionError",
      new.target.code,
      `Cannot cancel ${name} at each checkpoint: ${why}.\nGive an operation that ends by itself.`,
      cause === undefined ? undefined : { cause },
    );
  }
}

/**
 * Finds out whether an operation can be cancelled anywhere: runs it once to count its checkpoints, those of its child tasks
 * too, and then once for each of them, cancelled right there. Reports code that ran on, errors, hangs, and whatever was left
 * behind: tasks, open resources, held locks.
 *
 * Each time it is a run of its own, on virtual time. The operation has to take the same course each time, and to make its
 * locks and resources anew. It waits for all the runs. Source: ours. Flavor: promise code, as a test is.
 *
 * @param operation a structured function; it receives a watch to show its resources and locks to
 * @throws InjectionError where the operation fails or does not end uncancelled; WrongFlavorError where it is none;
 * ArgumentError for limits that are none
 * @example
 * ```ts
 * import { Lock, sleep } from "@trestle/structured";
 * import { cancelAtEachCheckpoint } from "@trestle/structured/testing";
 *
 * const report = await cancelAtEachCheckpoint(function* (watch) {
 *   const lock = watch.lock("the lock", new Lock());
 *   yield* lock.hold(() => sleep(10));
 * });
 * report.throwIfFound();
 * ```
 */
export async function cancelAtEachCheckpoint(
  operation: StructuredFunction<[watch: CancellationWatch], unknown>,
  options: InjectionOptions = {},
): Promise<CancellationReport> {
  requireStructured(operation, "inject cancellations");
  checkPatience(options);
  const name = operation.name === "" ? "the operation" : `'${operation.name}'`;
  const usual = await runOnce(operation, 0, options);
  refuse(name, usual);
  const { checkpoints, leftovers } = usual.injection;
  const findings: CancellationFinding[] = [];
  for (let at = 1; at <= checkpoints; at++) {
    // oxlint-disable-next-line no-await-in-loop -- one after another: side by side they would share the platform's turns
    const attempt = await runOnce(operation, at, options);
    findings.push(...findingsOf(at, attempt, leftovers, options));
  }
  return new CancellationReport(name, checkpoints, findings);
}

function runOnce(
  operation: StructuredFunction<[CancellationWatch], unknown>,
  at: number,
  options: InjectionOptions,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const host = new StoppableHost(options.host?.() ?? mockHost());
    const exceeded = (): void => {
      host.stop();
      resolve({ injection, hasHung: true });
    };
    const injection = new Injection(at, { steps: options.mostSteps ?? MOST_STEPS, exceeded });
    const seed = options.seed === undefined ? {} : { seed: options.seed };
    const main = named(operation.name || "main", () => injection.main(operation));
    run(main, { host, ...seed }).then(
      () => resolve({ injection, hasHung: false }),
      (error: unknown) => resolve({ injection, hasHung: error instanceof DeadlockError, error }),
    );
  });
}

function mockHost(): Host {
  return new MockClock({ autojumpThreshold: 0 }).hostOn(platformHost());
}

function refuse(name: string, { injection, hasHung, error }: Attempt): void {
  const { ending } = injection;
  if (hasHung) throw new InjectionError(name, "it does not end when nobody cancels it", error);
  if (error !== undefined) throw new InjectionError(name, "a background task of it fails", error);
  if (ending?.how === "error")
    throw new InjectionError(name, "it fails when nobody cancels it", ending.error);
}
