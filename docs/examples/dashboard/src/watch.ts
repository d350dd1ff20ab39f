// Asking one address again and again, each time with a deadline.
import { currentTime, moveOnAfter, sleepUntil, type Operation } from "@trestle/structured";
import type { Monitor, Sample } from "./monitor.js";

/** Asks once, and gives the status. */
export type Ask = (url: string) => Operation<number>;

/** When to ask, and how long to wait, in milliseconds. */
export interface Pace {
  readonly every: number;
  readonly timeout: number;
}

/** Asks until it is cancelled. `onSample` is called when the monitor has learned something. */
export function* watch(
  monitor: Monitor,
  ask: Ask,
  { every, timeout }: Pace,
  onSample: (monitor: Monitor, sample: Sample) => void,
): Operation<never> {
  for (;;) {
    const start = currentTime();
    const sample = yield* sampleOf(monitor.url, ask, timeout);
    monitor.add(sample);
    onSample(monitor, sample);
    // From the start of the last one, so that slow answers do not put off all that follow.
    yield* sleepUntil(Math.max(start + every, currentTime()));
  }
}

function* sampleOf(url: string, ask: Ask, timeout: number): Operation<Sample> {
  const start = currentTime();
  const { value, cancelledCaught } = yield* moveOnAfter(timeout, () => answerOf(url, ask));
  const ms = Math.round(currentTime() - start);
  if (cancelledCaught || value === undefined) return { ms, answer: "timeout", isGood: false };
  return { ms, ...value };
}

function* answerOf(url: string, ask: Ask): Operation<Omit<Sample, "ms">> {
  try {
    const status = yield* ask(url);
    return { answer: String(status), isGood: status < 400 };
  } catch (error) {
    // A Cancelled is no TypeError; `fetch` throws one where there is no answer.
    if (!(error instanceof TypeError)) throw error;
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
    return { answer: code ?? error.message, isGood: false };
  }
}
