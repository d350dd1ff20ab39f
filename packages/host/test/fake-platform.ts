import type { Platform } from "../src/turn-host.js";

/** A platform by hand: nothing runs until the test says so, and the test owns the clock. */
export class FakePlatform implements Platform {
  /** What was asked of the platform, in order. */
  readonly log: string[] = [];
  time = 0;
  #next: (() => void) | undefined;
  #timer: (() => void) | undefined;

  now(): number {
    return this.time;
  }

  hop(callback: () => void): void {
    this.log.push("hop");
    this.#next = callback;
  }

  hopInCallback(callback: () => void): void {
    this.log.push("hop in callback");
    this.#next = callback;
  }

  afterInput(callback: () => void): void {
    this.log.push("input");
    this.#next = callback;
  }

  timer(ms: number, callback: () => void): () => void {
    this.log.push(`timer ${ms}`);
    this.#timer = callback;
    return () => {
      this.log.push("timer off");
      this.#timer = undefined;
    };
  }

  keepAlive(): () => void {
    this.log.push("keep alive");
    return () => this.log.push("let go");
  }

  /** Runs what was asked for, one after another, until nothing is left; timers apart. */
  run(): void {
    for (let next = this.#take(); next; next = this.#take()) next();
  }

  /** Lets the timer go off. */
  ring(): void {
    const timer = this.#timer;
    this.#timer = undefined;
    if (!timer) throw new Error("No timer is set.");
    timer();
  }

  /** What was asked of the platform since the last look. */
  asked(): readonly string[] {
    return this.log.splice(0);
  }

  #take(): (() => void) | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}
