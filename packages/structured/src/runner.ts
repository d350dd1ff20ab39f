// The scheduler of one run: the ready queue, the timers, and the tick that the host calls.
//
// A tick runs rounds. A round expires what is due (at one instant deadlines before sleepers), takes the batch of what is
// ready then, and gives each task of it one turn, first in, first out; what becomes ready meanwhile is the next batch. A
// tick ends when nothing is ready, when a guest such as an event loop waits for its turn, or when it has taken its share of
// about half a millisecond, and asks the host for another one: the host lets promises run between two ticks and I/O every few
// milliseconds.
//
// `ready()` is the only door into a run.
import type { Host } from "@trestle/host";
import {
  advanceIn,
  contextOfRun,
  contexts,
  keepFirstUse,
  watchUse,
  type AsyncContext,
} from "#async-context";
import { advance } from "./advance.js";
import { Alarms, type Alarm } from "./alarms.js";
import { ambient } from "./ambient.js";
import type { GuestHost } from "./guest-host.js";
import type { IdleWatch } from "./idle.js";
import { Instruments, type Instrument } from "./instrument.js";
import type { Shuffle } from "./shuffle.js";
import type { RunState } from "./run/run-state.js";
import { Share } from "./share.js";
import { ENDED, RESUMED, WAITING } from "./phase.js";
import type { TaskRecord } from "./task-record.js";

/** What a runner is made of. */
export interface RunnerOptions {
  readonly host: Host;
  /** The host that real time is told by, where the run has a clock of its own. */
  readonly pace?: Host;
  /** Reorders each batch, for tests. */
  readonly shuffle?: Shuffle | undefined;
  /** Whether tasks run in the platform's async context of whoever started them. */
  readonly asyncContext?: boolean | undefined;
  /** Called when the runner's own code fails, which ends the run. */
  readonly crashed: (error: unknown) => void;
}

export class Runner {
  readonly host: Host;
  /** The host for what lives inside the run and takes turns with its rounds; undefined where nothing does. */
  guests: GuestHost | undefined = undefined;
  /** What the run has beside its tasks. */
  state: RunState | undefined;
  /** Those who watch the run; undefined where nobody does. */
  instruments: Instruments | undefined;
  readonly #shuffle: Shuffle | undefined;
  readonly #crashed: (error: unknown) => void;
  /** The host that real time is told by. */
  readonly pace: Host;
  /** Those who wait until nothing is ready; undefined while nobody has. */
  idle: IdleWatch | undefined;
  /** The async context that the run was started in; undefined where the run keeps none. */
  readonly context: AsyncContext | undefined;
  #firstReady: TaskRecord | null = null;
  #lastReady: TaskRecord | null = null;
  /** Whether a tick goes on, or will come. */
  isAwake = false;
  readonly #share: Share;
  readonly #alarms: Alarms;
  /** Whether the task whose turn it is has nobody of its batch after it. */
  #isLastOfBatch = false;
  /** How long the host was let have its turn, as instruments were told. */
  #ioWait = 0;

  constructor({ host, pace = host, shuffle, asyncContext = true, crashed }: RunnerOptions) {
    this.host = host;
    this.pace = pace;
    this.#share = new Share(host);
    this.#alarms = new Alarms(host, () => {
      if (!this.isAwake) this.tick();
    });
    this.#shuffle = shuffle;
    this.context = asyncContext ? contextOfRun() : undefined;
    this.#crashed = crashed;
  }

  /** The first of those that wait for a turn, who stand in a list by their `nextReady`. */
  get firstReady(): TaskRecord | null {
    return this.#firstReady;
  }

  /** The instant of the earliest alarm, in milliseconds; Infinity where there is none. */
  get nextDeadline(): number {
    return this.#alarms.next;
  }

  addInstrument(instrument: Instrument): void {
    const instruments = this.instruments ?? new Instruments();
    instruments.add(instrument);
    this.instruments = instruments;
  }

  /** Queues a new task for its first turn. */
  begin(task: TaskRecord): void {
    this.instruments?.emit("taskSpawned", task);
    this.ready(task);
  }

  /** Queues the task for its next turn. */
  ready(task: TaskRecord): void {
    this.instruments?.emit("taskScheduled", task);
    if (this.#lastReady === null) this.#firstReady = task;
    else this.#lastReady.nextReady = task;
    this.#lastReady = task;
    if (!this.isAwake) this.post();
  }

  /**
   * Whether a round of the task whose turn it is would change nothing: nobody else is ready, nothing is due, and nobody
   * waits for a turn of the host. Then the task may go on, as it would after giving up its turn.
   */
  roundInPlace(): boolean {
    if (!this.#isLastOfBatch || this.#firstReady !== null) return false;
    if (this.#shuffle !== undefined || this.guests?.isWaiting) return false;
    if (this.instruments !== undefined) return false;
    this.#share.countStep();
    // What is due wakes others, who would have their turns in the same batch as this task.
    return !this.#share.isTaken && !this.#alarms.isDue;
  }

  addAlarm(alarm: Alarm): void {
    this.#alarms.add(alarm);
    if (!this.isAwake) this.#alarms.arm();
  }

  removeAlarm(alarm: Alarm): void {
    this.#alarms.remove(alarm);
    if (!this.isAwake) this.#alarms.arm();
  }

  /** Lets go of the host, also of what was left behind. */
  close(): void {
    this.#alarms.close();
  }

  /** Asks the host for a tick. */
  post(): void {
    this.isAwake = true;
    this.host.soon(this.tick);
  }

  readonly tick = (): void => {
    this.isAwake = true;
    this.idle?.stir();
    this.instruments?.emit("afterIoWait", this.#ioWait);
    this.#share.begin();
    try {
      watchUse(this.#runRounds);
    } catch (error) {
      // It stays awake, so that nothing asks the host for a turn any more: each would fail again.
      this.#firstReady = this.#lastReady = null;
      ambient.task = undefined;
      this.#crashed(error);
      return;
    }
    ambient.task = undefined;
    this.isAwake = false;
    if (this.instruments !== undefined) this.#tellIoWait(this.instruments);
    if (this.#firstReady !== null) {
      this.post();
      return;
    }
    this.#alarms.arm();
    this.idle?.settle();
  };

  #tellIoWait(instruments: Instruments): void {
    this.#ioWait = this.#firstReady === null ? Math.max(0, this.nextDeadline - this.host.now()) : 0;
    instruments.emit("beforeIoWait", this.#ioWait);
  }

  readonly #runRounds = (): void => {
    do {
      this.#alarms.expire();
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
        this.#share.countStep();
        if (next === null) break;
        task = next;
        if (this.#share.isTaken) {
          this.#putBack(task, last);
          break;
        }
      }
    } while (!this.#share.isTaken && !this.guests?.isWaiting);
  };

  /** The rest of a batch goes before what became ready meanwhile. */
  #putBack(first: TaskRecord, last: TaskRecord): void {
    last.nextReady = this.#firstReady;
    this.#firstReady = first;
    this.#lastReady ??= last;
  }

  #step(task: TaskRecord): void {
    if (task.phase === WAITING) task.phase = RESUMED;
    else if (task.phase === ENDED) return;
    ambient.task = task;
    if (this.instruments === undefined && !contexts.inUse) advance(task);
    else this.#stepWatched(task);
  }

  #stepWatched(task: TaskRecord): void {
    keepFirstUse();
    this.instruments?.emit("beforeTaskStep", task);
    if (contexts.inUse && this.context !== undefined) advanceIn(this.context, task);
    else advance(task);
    this.instruments?.emit("afterTaskStep", task);
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
}
