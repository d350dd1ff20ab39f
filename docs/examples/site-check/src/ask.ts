// How one address is asked: so many at once, so long for each try, so many tries. What can go wrong with a page is turned into
// a finding here; everything else is a failure of the program, and goes on up.
import { CapacityLimiter, failAfter, TooSlowError, type Operation } from "@trestle/structured";
import type { Entry, Finding } from "./ledger.js";
import { PageError } from "./page-error.js";
import type { Answer, Purpose } from "./read-page.js";
import { withRetries } from "./retry.js";

/**
 * How a page is got: in the program by `fetch`, in tests by something that needs no network. It calls `arrived` when all of the page
 * is there: the time that it takes from then on is not the server's.
 */
export type ReadPage = (
  address: string,
  purpose: Purpose,
  arrived: () => void,
) => Operation<Answer>;

/** The limits for asking. Times are in milliseconds. */
export interface AskSettings {
  /** How many requests run at once. */
  readonly concurrency: number;
  /** How long one try may take. */
  readonly pageTimeout: number;
  /** How many times an address is tried again. */
  readonly retries: number;
  /** The pause before the first retry; each further one is twice as long. */
  readonly retryPause: number;
}

/** Asks an address, and gives what came of it. */
export type Ask = (entry: Entry) => Operation<Finding>;

/**
 * Makes the function that asks addresses within limits, which all that is asked through it share.
 *
 * @param onRetry called when a try has failed and there will be another one
 */
export function askWithin(
  settings: AskSettings,
  read: ReadPage,
  onRetry: (entry: Entry, reason: string) => void,
): Ask {
  const limiter = new CapacityLimiter(settings.concurrency);

  return function* ask(entry: Entry): Operation<Finding> {
    const policy = {
      retries: settings.retries,
      pause: settings.retryPause,
      isPassing,
      onRetry: (error: unknown) => onRetry(entry, reasonOf(error) ?? ""),
    };
    try {
      return yield* withRetries(policy, () => tryOnce(entry));
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      const tries =
        isPassing(error) && settings.retries > 0 ? ` (${settings.retries + 1} tries)` : "";
      return { kind: "failed", reason: reason + tries };
    }
  };

  // The order matters. The place in the limiter is taken first, so waiting in line does not count against the page's time;
  // and a pause before a retry, being outside of both, holds no place.
  function tryOnce({ address, inSite }: Entry): Operation<Answer> {
    return limiter.hold(() =>
      failAfter(settings.pageTimeout, (scope) =>
        read(address, inSite ? "read" : "probe", () => {
          scope.deadline = Infinity;
        }),
      ),
    );
  }

  function reasonOf(error: unknown): string | undefined {
    if (error instanceof TooSlowError) return `no answer within ${settings.pageTimeout} ms`;
    return error instanceof PageError ? error.message : undefined;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof TooSlowError || (error instanceof PageError && error.passing);
}
