// The scheduler of one run: the ready queue, the timers, and the tick that the host calls.
//
// A tick runs rounds. A round expires what is due (at one instant deadlines before sleepers), takes the batch of what is
// ready then, and gives each task of it one turn, first in, first out; what becomes ready meanwhile is the next batch. A
// tick ends when nothing is ready, when a guest such as an event loop waits for its turn, or when it has taken its share of
// about half a millisecond, and asks the host for another one: the host lets promises run between two ticks and I/O every few
// milliseconds.
//
// `ready()` is the only door into a run, and `next` is the only method of a generator that is called; except that a
// generator that yields something foreign is told so by `throw`.
import { TimerQueue, type Host, type Timer, type TimerEntry } from "@trestle/host";
import { ambient } from "./ambient.js";
import { GuestHost } from "./guest-host.js";
import { explainYield } from "./foreign-yield.js";
import type { OperationIterator, Suspended } from "./operation.js";
import type { Shuffle } from "./shuffle.js";
import { SUSPENDED } from "./suspend.js";
import { ENDED, RESUMED, RUNNING, WAITING, type Phase } from "./phase.js";
import type { TaskRecord } from "./task-record.js";

/** Something of the run that is due at an instant. */
export interface Alarm extends TimerEntry {
  expire(): void;
}

/** The ranks of alarms: at one instant all deadlines come before all sleepers. */
export const DEADLINE_RANK = 0;
export const SLEEPER_RANK = 1;

/** How long a tick may take. */
const SHARE_MS = 0.5;
/** The clock is looked at every so many steps, a look costs as much as three quick ones; heavy steps make it fewer. */
const MOST_STEPS_TO_LOOK = 32;
const HEAVY_MS = 0.1;
/** However quick the steps are, so many looks end a tick: promises want their turn. */
const MOST_LOOKS = 16;

export class Runner {
  readonly host: Host;
  /** The host for what lives inside the run and takes turns with its rounds. */
  readonly guests: GuestHost;
  readonly #shuffle: Shuffle | undefined;
  readonly #crashed: (error: unknown) => void;
  #firstReady: TaskRecord | null = null;
  #lastReady: TaskRecord | null = null;
  #ticking = false;
  #posted = false;
  /** How many steps go by between two looks at the clock. */
  #stride = 1;
  #stepsToLook = 1;
  #looksLeft = MOST_LOOKS;
  #lastLook = Number.NaN;
  #shareEnds = Number.POSITIVE_INFINITY;
  /** Whether this tick has taken its share. */
  #isShareTaken = false;
  /** Whether the task whose turn it is has nobody of its batch after it. */
  #isLastOfBatch = false;
  readonly #alarms = new TimerQueue<Alarm>();
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  /**
   * @param shuffle reorders each batch, for tests
   * @param crashed called when the runner's own code fails, which ends the run
   */
  constructor(host: Host, shuffle: Shuffle | undefined, crashed: (error: unknown) => void) {
    this.host = host;
    this.guests = new GuestHost(host);
    this.#shuffle = shuffle;
    this.#crashed = crashed;
  }

  get hasReady(): boolean {
    return this.#firstReady !== null;
  }

  /** Queues the task for its next turn. */
  ready(task: TaskRecord): void {
    if (this.#lastReady === null) this.#firstReady = task;
    else this.#lastReady.nextReady = task;
    this.#lastReady = task;
    if (!this.#posted && !this.#ticking) this.#post();
  }

  /**
   * Whether a round of the task whose turn it is would change nothing: nobody else is ready, nothing is due, and nobody
   * waits for a turn of the host. Then the task may go on, as it would after giving up its turn.
   */
  roundInPlace(): boolean {
    if (!this.#isLastOfBatch || this.#firstReady !== null) return false;
    if (this.#shuffle !== undefined || this.guests.isWaiting) return false;
    if (this.#countStep()) return false;
    // What is due wakes others, who would have their turns in the same batch as this task.
    return this.#alarms.size === 0 || !this.#isDue();
  }

  addAlarm(alarm: Alarm): void {
    this.#alarms.add(alarm);
    if (!this.#posted && !this.#ticking) this.#arm();
  }

  removeAlarm(alarm: Alarm): void {
    this.#alarms.remove(alarm);
    if (!this.#posted && !this.#ticking) this.#arm();
  }

  /** Lets go of the host, also of what was left behind. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    // No alarm is earlier, so none is armed any more.
    this.#timerAt = Number.NEGATIVE_INFINITY;
  }

  #post(): void {
    this.#posted = true;
    this.host.soon(this.#tick);
  }

  readonly #tick = (): void => {
    this.#posted = false;
    this.#ticking = true;
    this.#stepsToLook = this.#stride;
    this.#looksLeft = MOST_LOOKS;
    this.#lastLook = Number.NaN;
    this.#isShareTaken = false;
    try {
      this.#runRounds();
    } catch (error) {
      this.#crashed(error);
    } finally {
      ambient.task = undefined;
      this.#ticking = false;
    }
    if (this.#firstReady !== null) this.#post();
    else this.#arm();
  };

  #runRounds(): void {
    do {
      if (this.#alarms.size > 0) this.#expire();
      let task = this.#firstReady;
      if (task === null) break;
      if (this.#shuffle !== undefined) task = this.#shuffled(task, this.#shuffle);
      const last = this.#lastReady as TaskRecord;
      this.#firstReady = this.#lastReady = null;
      for (;;) {
        const next: TaskRecord | null = task.nextReady;
        task.nextReady = null;
        this.#isLastOfBatch = next === null;
        this.#step(task);
        this.#countStep();
        if (next === null) break;
        task = next;
        if (this.#isShareTaken) {
          this.#putBack(task, last);
          break;
        }
      }
    } while (!this.#isShareTaken && !this.guests.isWaiting);
  }

  /** The rest of a batch goes before what became ready meanwhile. */
  #putBack(first: TaskRecord, last: TaskRecord): void {
    last.nextReady = this.#firstReady;
    this.#firstReady = first;
    this.#lastReady ??= last;
  }

  /** Counts a step, and tells whether the share of this tick is taken. */
  #countStep(): boolean {
    if (--this.#stepsToLook <= 0) this.#look();
    return this.#isShareTaken;
  }

  #look(): void {
    const now = this.host.now();
    const elapsed = now - this.#lastLook;
    // The first look of a tick has nothing to compare with: it begins the share.
    if (Number.isNaN(elapsed)) this.#shareEnds = now + SHARE_MS;
    else if (elapsed > HEAVY_MS) this.#stride = Math.max(1, this.#stride >> 2);
    else if (this.#stride < MOST_STEPS_TO_LOOK) this.#stride *= 2;
    this.#lastLook = now;
    this.#stepsToLook = this.#stride;
    if (now >= this.#shareEnds || --this.#looksLeft <= 0) this.#isShareTaken = true;
  }

  #step(task: TaskRecord): void {
    if (task.phase === WAITING) task.phase = RESUMED;
    else if (task.phase === ENDED) return;
    ambient.task = task;
    const iterator = task.iterator as OperationIterator<unknown>;
    let result: IteratorResult<Suspended, unknown>;
    try {
      result = iterator.next();
      // Our own token without a wait behind it was yielded by somebody who drives operations by hand.
      while (!result.done && (result.value !== SUSPENDED || (task.phase as Phase) !== WAITING)) {
        if (task.phase === RESUMED) task.phase = RUNNING;
        result = refuseYield(iterator, result.value);
      }
    } catch (error) {
      task.end(true, error);
      return;
    }
    if (result.done) task.end(false, result.value);
  }

  #expire(): void {
    const now = this.host.now();
    for (let due = this.#alarms.takeDue(now); due !== undefined; due = this.#alarms.takeDue(now))
      due.expire();
  }

  #isDue(): boolean {
    const next = this.#alarms.peek();
    return next !== undefined && next.when <= this.host.now();
  }

  #shuffled(first: TaskRecord, shuffle: Shuffle): TaskRecord {
    const batch: TaskRecord[] = [];
    for (let task: TaskRecord | null = first; task !== null; task = task.nextReady)
      batch.push(task);
    shuffle(batch);
    for (const [i, task] of batch.entries()) task.nextReady = batch[i + 1] ?? null;
    this.#lastReady = batch.at(-1) as TaskRecord;
    return batch[0] as TaskRecord;
  }

  #arm(): void {
    const next = this.#alarms.peek();
    if (next === undefined) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#timerAt = Number.POSITIVE_INFINITY;
    } else if (next.when < this.#timerAt) {
      // A timer that is too early is left: it rings for nothing, which is cheaper than setting one anew each time.
      this.#timer?.cancel();
      this.#timerAt = next.when;
      this.#timer = this.host.at(next.when, this.#ring);
    }
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    if (!this.#posted) this.#tick();
  };
}

/** A generator yielded what is not ours: the error appears at that `yield`. */
function refuseYield(
  iterator: OperationIterator<unknown>,
  value: unknown,
): IteratorResult<Suspended, unknown> {
  const error = explainYield(value);
  if (iterator.throw === undefined) throw error;
  return iterator.throw(error);
}
