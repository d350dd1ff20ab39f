// When what is ready runs: one thing at a time, in iterations as asyncio has them.
//
// An iteration begins with what is ready at that moment, then the timers that are due; what these make ready belongs to the
// next one. A turn of the host is for one thing, because a turn ends when all microtasks have run: so a task runs until it
// waits or ends before anything else does. Only steps that set no microtasks off share a turn with the next. The turn after
// the last finds out that the loop rests; only then are the host's timer and the hold brought up to date. A turn is asked for
// after the step, not before, so that what the step gave to the host comes before the loop's next step.
//
// Where the one thing that was to be done came from outside, as a descriptor's event does, and has made nothing ready, the loop
// rests on as it did before, and saves that last turn: what its microtasks make ready asks for one.
//
// One thing is done out of turn: where a task ends in the turn in which it began, and nothing else is ready, whoever awaits it
// goes on in that turn. The order of the loop's steps is the same, and awaiting a short task costs a third less. What
// it sets off would come before a timer that was set in this iteration and is due by the next: then it is not done.
import { TimerQueue, type Host, type Timer, type TimerEntry } from "@trestle/host";
import { Batch } from "./batch.js";
import type { Ready } from "./ready.js";
import type { StepWatch } from "./step-watch.js";

/** Something ready at an instant. */
export interface Timed extends Ready, TimerEntry {}

/** What the scheduler tells its loop. */
export interface SchedulerOwner {
  /** Nothing is ready: the loop waits for a timer, or for something outside. */
  rested(): void;
  /** The loop was told to stop, and its last iteration is over. */
  halted(): void;
}

/** Runs what is ready, on a Host. */
export class Scheduler {
  readonly host: Host;
  /** Takes the time of each step, in debug mode. */
  watch: StepWatch | undefined;
  readonly #owner: SchedulerOwner;
  #batch = new Batch();
  #incoming = new Batch();
  readonly #timers = new TimerQueue<Timed>();
  #alarm: Timer | undefined;
  #alarmAt = Number.POSITIVE_INFINITY;
  #isClosed = false;
  #isRunning = false;
  #isStopping = false;
  #isTurnQueued = false;
  /** Whether nothing has run since the loop began to rest, but what leaves it at rest. */
  #isResting = false;
  #isInIteration = false;
  #turns = 0;
  /** Whether a timer was added since the iteration began. */
  #hasNewTimer = false;

  constructor(host: Host, owner: SchedulerOwner) {
    this.host = host;
    this.#owner = owner;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether the loop takes nothing new. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Queues something for the next iteration. */
  enqueue(ready: Ready): void {
    this.#incoming.add(ready);
    if (!this.#isTurnQueued) this.#queueTurn();
  }

  /** The number of the turn of the host that is, or was the last. */
  get turn(): number {
    return this.#turns;
  }

  /**
   * Queues something, or does it at once where it would be the next thing of all and a given turn is not over: that saves a
   * turn.
   *
   * @param turn the turn in which what it follows from began
   */
  enqueueInTurn(ready: Ready, turn: number): void {
    if (turn === this.#turns && this.#wouldBeNext()) ready.step();
    else this.enqueue(ready);
  }

  /**
   * Queues something, or does it at once where it would be the next thing of all on the host, too. It is for a caller that is a
   * microtask, or has its turn.
   */
  enqueueInMicrotask(ready: Ready): void {
    // The turn that was asked for has nothing else to do.
    const own = this.#isTurnQueued ? 1 : 0;
    if (this.#wouldBeNext() && this.host.admitsMicrotask?.(own) === true) ready.step();
    else this.enqueue(ready);
  }

  addTimer(timed: Timed): void {
    // What never comes needs no timer; a virtual clock would jump there.
    if (timed.when === Number.POSITIVE_INFINITY) return;
    this.#timers.add(timed);
    this.#hasNewTimer = true;
    if (timed.when < this.#alarmAt) this.poke();
  }

  removeTimer(timed: Timed): void {
    this.#timers.remove(timed);
    if (timed.when === this.#alarmAt) this.poke();
  }

  /** Makes a resting loop look again at what it waits for. */
  poke(): void {
    if (!this.#isTurnQueued) this.#queueTurn();
  }

  start(): void {
    this.#isRunning = true;
    this.poke();
  }

  /** Halts after the iteration that runs, or else after one more. */
  stop(): void {
    this.#isStopping = true;
    this.poke();
  }

  /** Takes nothing new from now on. */
  close(): void {
    this.#isClosed = true;
  }

  /** Forgets what is queued. */
  clear(): void {
    this.#batch = new Batch();
    this.#incoming = new Batch();
  }

  clearTimers(): void {
    for (let timed = this.#timers.peek(); timed !== undefined; timed = this.#timers.peek()) {
      this.#timers.remove(timed);
    }
    this.#setAlarm(undefined);
  }

  #queueTurn(): void {
    if (!this.#isRunning) return;
    this.#isTurnQueued = true;
    this.host.soon(this.#turn);
  }

  readonly #turn = (): void => {
    let isQuiet = true;
    let mayRestOn = this.#isResting;
    this.#isResting = false;
    this.#turns++;
    this.watch?.ended();
    while (isQuiet) {
      const ready = this.#take();
      if (ready === undefined) {
        this.#isTurnQueued = false;
        this.#rest();
        return;
      }
      this.watch?.begins(ready);
      isQuiet = ready.step();
      mayRestOn &&= ready.isFromOutside === true;
    }
    if (mayRestOn && this.#isAtRest()) this.#restOn();
    else this.host.soon(this.#turn);
  };

  /** Whether nothing is ready, and what the loop's rest has set up is up to date. */
  #isAtRest(): boolean {
    return (
      this.#isIdle() && (this.#timers.peek()?.when ?? Number.POSITIVE_INFINITY) === this.#alarmAt
    );
  }

  #restOn(): void {
    this.#isTurnQueued = false;
    this.#isInIteration = false;
    this.#isResting = true;
  }

  #take(): Ready | undefined {
    for (;;) {
      const ready = this.#batch.take();
      if (ready === undefined) {
        if (!this.#beginIteration()) return undefined;
      } else if (!ready.withdrawn) {
        return ready;
      }
    }
  }

  #beginIteration(): boolean {
    const isOver = this.#isInIteration && this.#isStopping;
    if (!isOver) this.#takeDue();
    this.#isInIteration = !isOver && !this.#incoming.isEmpty;
    if (!this.#isInIteration) return false;
    const empty = this.#batch;
    this.#batch = this.#incoming;
    this.#incoming = empty;
    return true;
  }

  #takeDue(): void {
    this.#hasNewTimer = false;
    if (this.#timers.size === 0) return;
    const now = this.host.now();
    for (let due = this.#timers.takeDue(now); due !== undefined; due = this.#timers.takeDue(now)) {
      this.#incoming.add(due);
    }
  }

  /** Whether what is queued now would come before everything else. */
  #wouldBeNext(): boolean {
    return this.#isIdle() && !this.#isNewTimerDue();
  }

  /** Whether nothing is ready, and no turn is wanted for other reasons: to halt, or to take a step's time. */
  #isIdle(): boolean {
    if (!this.#batch.isEmpty || !this.#incoming.isEmpty) return false;
    return !this.#isStopping && this.watch === undefined;
  }

  #isNewTimerDue(): boolean {
    if (!this.#hasNewTimer) return false;
    const first = this.#timers.peek();
    return first !== undefined && first.when <= this.host.now();
  }

  #rest(): void {
    if (this.#isStopping) {
      this.#isStopping = false;
      this.#isRunning = false;
      this.#setAlarm(undefined);
      this.#owner.halted();
      return;
    }
    this.#isResting = true;
    this.#setAlarm(this.#timers.peek()?.when);
    this.#owner.rested();
    this.host.quiet?.();
  }

  #setAlarm(when: number | undefined): void {
    if (when === this.#alarmAt) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#alarmAt = when ?? Number.POSITIVE_INFINITY;
    if (when !== undefined) this.#alarm = this.host.at(when, this.#wake);
  }

  readonly #wake = (): void => {
    this.#alarm = undefined;
    this.#alarmAt = Number.POSITIVE_INFINITY;
    if (this.#isTurnQueued || !this.#isRunning) return;
    this.#isTurnQueued = true;
    this.#turn();
  };
}
