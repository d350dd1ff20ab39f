// Who logged what, and when. Time is counted in whole seconds of virtual time.

/** One line of a trace: the second it was written, and what was said. */
export type TraceLine = readonly [at: number, message: string];

/** All traces of one program, by task. */
export class TraceBook {
  readonly #now: () => number;
  readonly #lines = new Map<string, TraceLine[]>();
  readonly #taken = new Map<string, number>();

  /** @param now gives the virtual time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The trace of the main task. */
  main(): TaskTrace {
    return new TaskTrace("main", this);
  }

  /** Every task that logged anything, with its lines in order. */
  get entries(): Record<string, readonly TraceLine[]> {
    return Object.fromEntries(this.#lines);
  }

  log(task: string, message: string): void {
    const line: TraceLine = [this.#now() / 1000, message];
    const lines = this.#lines.get(task);
    if (lines) lines.push(line);
    else this.#lines.set(task, [line]);
  }

  /** Takes a name: the first with a tag as it is, the second with `#1`, then `#2`. */
  take(name: string): string {
    const count = this.#taken.get(name) ?? 0;
    this.#taken.set(name, count + 1);
    return count === 0 ? name : `${name}#${count}`;
  }
}

/** The trace of one task of a program, in whichever flavor the task runs at the moment. */
export class TaskTrace {
  readonly name: string;
  readonly #book: TraceBook;

  constructor(name: string, book: TraceBook) {
    this.name = name;
    this.#book = book;
  }

  /** Writes a line with the present time. */
  log(message: string): void {
    this.#book.log(this.name, message);
  }

  /** Names a child of this task; each call takes the tag once more. */
  child(tag: string): TaskTrace {
    return new TaskTrace(this.#book.take(`${this.name}/${tag}`), this.#book);
  }
}
