// The scheduler of one run: the ready queue, the timers, and the tick that the host calls.
//
// A tick runs rounds. A round expires what is due (at one instant deadlines before sleepers), takes the batch of what is
// ready then, and gives each task of it one turn, first in, first out; what becomes ready meanwhile is the next batch. A
// tick ends when nothing is ready, when a guest such as an event loop waits for its turn, or after a share of steps that
// takes about half a millisecond, and asks the host for another one: the host lets promises run between two ticks and I/O
// every few milliseconds.
//
// `ready()` is the only door into a run, and `next` is the only method of a generator that is called; except that a
// generator that yields something foreign is told so by `throw`.
import { InternalError, TimerQueue, type Host, type Timer, type TimerEntry } from "@trestle/host";
import { ambient } from "./ambient.js";
import { GuestHost } from "./guest-host.js";
import { explainYield } from "./foreign-yield.js";
import type { OperationIterator, Suspended } from "./operation.js";
import type { Shuffle } from "./shuffle.js";
import { SUSPENDED } from "./suspend.js";
import { ENDED, RESUMED, WAITING, type Phase } from "./phase.js";
import type { TaskRecord } from "./task-record.js";

/** Something of the run that is due at an instant. */
export interface Alarm extends TimerEntry {
  expire(): void;
}

/** The ranks of alarms: at one instant all deadlines come before all sleepers. */
export const DEADLINE_RANK = 0;
export const SLEEPER_RANK = 1;

const MOST_STEPS = 512;
const SHARE_MS = 0.5;

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
  #share = MOST_STEPS;
  /** Steps taken in this tick. */
  #steps = 0;
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
   * Where the task whose turn it is would be the first of the next batch, does the beginning of that round in place and
   * answers true: the task goes on, as it would after giving up its turn, and what is due has been expired.
   */
  roundInPlace(): boolean {
    if (!this.#isLastOfBatch || this.#firstReady !== null) return false;
    if (this.#shuffle !== undefined || this.guests.isWaiting) return false;
    if (++this.#steps >= this.#share) return false;
    if (this.#alarms.size > 0) this.#expire();
    return true;
  }

  addAlarm(alarm: Alarm): void {
    this.#alarms.add(alarm);
    if (!this.#posted && !this.#ticking) this.#arm();
  }

  removeAlarm(alarm: Alarm): void {
    this.#alarms.remove(alarm);
    if (!this.#posted && !this.#ticking) this.#arm();
  }

  /** Lets go of the host; nothing may be ready any more. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #post(): void {
    this.#posted = true;
    this.host.soon(this.#tick);
  }

  readonly #tick = (): void => {
    this.#posted = false;
    this.#ticking = true;
    const started = this.host.now();
    try {
      this.#runRounds();
      if (this.#steps >= this.#share) this.#adaptShare(this.host.now() - started);
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
    this.#steps = 0;
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
        this.#steps++;
        if (next === null) break;
        task = next;
        if (this.#steps >= this.#share) {
          this.#putBack(task, last);
          break;
        }
      }
    } while (this.#steps < this.#share && !this.guests.isWaiting);
  }

  /** The rest of a batch goes before what became ready meanwhile. */
  #putBack(first: TaskRecord, last: TaskRecord): void {
    last.nextReady = this.#firstReady;
    this.#firstReady = first;
    this.#lastReady ??= last;
  }

  #adaptShare(elapsed: number): void {
    if (elapsed > SHARE_MS) this.#share = Math.max(1, this.#share >> 1);
    else if (elapsed < SHARE_MS / 4) this.#share = Math.min(MOST_STEPS, this.#share * 2);
  }

  #step(task: TaskRecord): void {
    if (task.phase === WAITING) task.phase = RESUMED;
    else if (task.phase === ENDED) return;
    ambient.task = task;
    const iterator = task.iterator as OperationIterator<unknown>;
    let result: IteratorResult<Suspended, unknown>;
    try {
      result = iterator.next();
      while (!result.done && result.value !== SUSPENDED) result = refuseYield(iterator, result.value);
    } catch (error) {
      task.end(true, error);
      return;
    }
    if (result.done) task.end(false, result.value);
    else if ((task.phase as Phase) !== WAITING) throw new InternalError(`Task '${task.name}' gave up its turn without waiting.`);
  }

  #expire(): void {
    const now = this.host.now();
    for (let due = this.#alarms.takeDue(now); due !== undefined; due = this.#alarms.takeDue(now)) due.expire();
  }

  #shuffled(first: TaskRecord, shuffle: Shuffle): TaskRecord {
    const batch: TaskRecord[] = [];
    for (let task: TaskRecord | null = first; task !== null; task = task.nextReady) batch.push(task);
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
function refuseYield(iterator: OperationIterator<unknown>, value: unknown): IteratorResult<Suspended, unknown> {
  const error = explainYield(value);
  if (iterator.throw === undefined) throw error;
  return iterator.throw(error);
}
