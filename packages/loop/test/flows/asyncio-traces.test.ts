// Small programs made at random over locks, queues and waits, with the traces that CPython 3.13 leaves of them: which task goes on
// when, in one order over all tasks, and what each finds. Durations differ, so that no two timers are due at the same instant.
//
// A line of the file is a program and its trace. The main task makes all tasks, and then, three times, waits for 200 ms and cancels
// them all.
import { readFileSync } from "node:fs";
import { Trace, VirtualHost, type TraceEntry } from "@trestle/testing";
import { expect, test } from "vitest";
import {
  asCompleted,
  Barrier,
  BoundedSemaphore,
  CancelledError,
  Condition,
  createTask,
  Event,
  getRunningLoop,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  run,
  Semaphore,
  sleep,
  timeout,
  wait,
  type ReturnWhen,
  type Task,
} from "../../src/index.js";

interface Program {
  /** The tasks that fail at their end. */
  readonly failing: readonly number[];
  readonly semaphores: readonly number[];
  readonly parties: readonly number[];
  readonly maxsizes: readonly [number, number, number];
  readonly tasks: readonly (readonly Step[])[];
}

interface Vector {
  readonly id: number;
  readonly program: Program;
  readonly trace: readonly TraceEntry[];
}

type Holdable = "lock" | "semaphore" | "boundedSemaphore" | "condition";

type Action =
  | { readonly op: "sleep"; readonly ms: number }
  | { readonly op: "cancel"; readonly task: number }
  | { readonly op: "timeout"; readonly ms: number; readonly body: readonly Step[] }
  | {
      readonly op: "hold";
      readonly of: Holdable;
      readonly at: number;
      readonly body: readonly Step[];
    }
  | { readonly op: "acquire" | "release" | "locked"; readonly of: Holdable; readonly at: number }
  | { readonly op: "eventWait" | "eventSet" | "eventClear"; readonly at: number }
  | { readonly op: "conditionWait" | "notifyAll" | "count"; readonly at: number }
  | { readonly op: "conditionWaitFor" | "notify"; readonly at: number; readonly count: number }
  | { readonly op: "barrierWait" | "barrierReset" | "barrierAbort"; readonly at: number }
  | { readonly op: "put" | "putNowait"; readonly at: number; readonly item: number }
  | { readonly op: "get" | "getNowait" | "taskDone" | "join" | "qsize"; readonly at: number }
  | { readonly op: "shutdown"; readonly at: number; readonly immediate: boolean }
  | {
      readonly op: "wait";
      readonly tasks: readonly number[];
      readonly timeout?: number;
      readonly returnWhen: ReturnWhen;
    }
  | { readonly op: "asCompleted"; readonly tasks: readonly number[]; readonly timeout?: number };

/** An action; whether the task goes on when it is cancelled in it. */
type Step = Action & { readonly swallow?: true };

const file = new URL("asyncio-traces.jsonl", import.meta.url);
const vectors = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Vector);

type Result = string | number | boolean | undefined | void;

/** A program that runs. */
class Play {
  readonly #program: Program;
  readonly #log: (message: string) => void;
  readonly #holdables: Readonly<Record<Holdable, readonly (Lock | Semaphore | Condition)[]>>;
  readonly #events = [new Event(), new Event()] as const;
  readonly #conditions = [new Condition(), new Condition()] as const;
  readonly #counts = [0, 0];
  readonly #barriers;
  readonly #queues;
  readonly #tasks: Task<void>[] = [];

  constructor(program: Program, log: (message: string) => void) {
    this.#program = program;
    this.#log = log;
    this.#holdables = {
      lock: [new Lock(), new Lock()],
      semaphore: program.semaphores.map((value) => new Semaphore(value)),
      boundedSemaphore: program.semaphores.map((value) => new BoundedSemaphore(value)),
      condition: this.#conditions,
    };
    this.#barriers = program.parties.map((parties) => new Barrier(parties));
    const [first, second, third] = program.maxsizes;
    this.#queues = [
      new Queue<number>(first),
      new PriorityQueue<number>(second),
      new LifoQueue<number>(third),
    ];
  }

  async main(): Promise<void> {
    getRunningLoop().setExceptionHandler(() => {});
    for (const [task, steps] of this.#program.tasks.entries())
      this.#tasks.push(createTask(() => this.#run(task, steps)));
    for (let i = 0; i < 3; i++) {
      await sleep(200);
      for (const task of this.#tasks) task.cancel();
    }
    await sleep(200);
  }

  async #run(task: number, steps: readonly Step[]): Promise<void> {
    await this.#all(steps, String(task));
    if (this.#program.failing.includes(task)) throw new Error("at its end");
  }

  async #all(steps: readonly Step[], path: string): Promise<void> {
    for (const [index, step] of steps.entries()) await this.#one(step, `${path}.${index}`);
  }

  async #one(step: Step, path: string): Promise<void> {
    try {
      const result = await this.#act(step, path);
      this.#log(`${path} ${step.op} ${result === undefined ? "ok" : `${result}`}`);
    } catch (error) {
      this.#log(`${path} ${step.op} ${(error as Error).name}`);
      if (error instanceof CancelledError && step.swallow !== true) throw error;
    }
  }

  /** Gives what is to be logged. */
  async #act(step: Step, path: string): Promise<Result> {
    switch (step.op) {
      case "sleep":
        return sleep(step.ms);
      case "cancel":
        return this.#tasks[step.task]?.cancel();
      case "timeout":
        return timeout(step.ms, () => this.#all(step.body, path));
      case "hold":
        return at(this.#holdables[step.of], step.at).hold(() => {
          this.#log(`${path} in`);
          return this.#all(step.body, path);
        });
      case "acquire":
        return void (await at(this.#holdables[step.of], step.at).acquire());
      case "release":
        return at(this.#holdables[step.of], step.at).release();
      case "locked":
        return at(this.#holdables[step.of], step.at).locked();
      case "eventWait":
        return at(this.#events, step.at).wait();
      case "eventSet":
        return at(this.#events, step.at).set();
      case "eventClear":
        return at(this.#events, step.at).clear();
      case "conditionWait":
        return at(this.#conditions, step.at).wait();
      case "conditionWaitFor":
        return at(this.#conditions, step.at).waitFor(() => at(this.#counts, step.at) >= step.count);
      case "notify":
        return at(this.#conditions, step.at).notify(step.count);
      case "notifyAll":
        return at(this.#conditions, step.at).notifyAll();
      case "count":
        this.#counts[step.at] = at(this.#counts, step.at) + 1;
        return undefined;
      case "barrierWait":
        return at(this.#barriers, step.at).wait();
      case "barrierReset":
        return at(this.#barriers, step.at).reset();
      case "barrierAbort":
        return at(this.#barriers, step.at).abort();
      case "wait":
        return this.#wait(step.tasks, step);
      case "asCompleted":
        for await (const { future } of asCompleted(this.#those(step.tasks), step))
          this.#log(`${path} gave ${this.#tasks.indexOf(future)}`);
        return undefined;
      default:
        return this.#queue(at(this.#queues, step.at), step);
    }
  }

  async #queue(queue: Queue<number>, step: Step): Promise<Result> {
    switch (step.op) {
      case "put":
        return queue.put(step.item);
      case "putNowait":
        return queue.putNowait(step.item);
      case "get":
        return queue.get();
      case "getNowait":
        return queue.getNowait();
      case "taskDone":
        return queue.taskDone();
      case "join":
        return queue.join();
      case "shutdown":
        return queue.shutdown(step);
      default:
        return `${queue.qsize()} ${queue.empty()} ${queue.full()}`;
    }
  }

  async #wait(
    numbers: readonly number[],
    options: { readonly timeout?: number; readonly returnWhen: ReturnWhen },
  ): Promise<string> {
    const { done, pending } = await wait(this.#those(numbers), options);
    const list = (set: Set<Task<void>>): string =>
      [...set].map((task) => this.#tasks.indexOf(task)).join(",");
    return `${list(done)}/${list(pending)}`;
  }

  #those(numbers: readonly number[]): Task<void>[] {
    return numbers.map((number) => at(this.#tasks, number));
  }
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}

test.each(vectors)("program $id leaves the trace that it leaves in CPython", async (vector) => {
  const host = new VirtualHost();
  const trace = new Trace(() => Number(host.now().toFixed(6)));
  await run(() => new Play(vector.program, trace.log).main(), { host });
  // What the end of the loop does to tasks that are left is not asyncio's.
  expect(trace.entries.filter(([now]) => now < 800)).toEqual(vector.trace);
});
