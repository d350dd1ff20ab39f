// Programs of the loop flavor: one switch over the statements, on the public API of @trestle/loop.
import {
  CancelledError,
  createTask,
  gather,
  getRunningLoop,
  run,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
  waitFor,
  type Task,
} from "@trestle/loop";
import { VirtualHost } from "@trestle/testing";
import { AppError, printError, splitAppErrors } from "./app-error.js";
import type { StructuredSide } from "./crossing.js";
import type { Body, LoopStatement, Program, Statement } from "./program.js";
import type { Result } from "./result.js";
import { TraceBook, type TaskTrace } from "./task-trace.js";
import { UnknownOpError } from "./unknown-op-error.js";

type StatementOf<Op extends LoopStatement["op"]> = Extract<LoopStatement, { readonly op: Op }>;

/** Runs a loop program on virtual time. */
export async function runLoopProgram(program: Program): Promise<Result> {
  const host = new VirtualHost();
  const book = new TraceBook(() => host.now());
  const interpreter = new LoopInterpreter();
  let outcome = "ok";
  try {
    await run(
      () => {
        getRunningLoop().setExceptionHandler(() => {});
        return interpreter.run(program.body, book.main());
      },
      { host },
    );
  } catch (error) {
    outcome = `error:${printError(error)}`;
  }
  return { outcome, trace: book.entries };
}

/** Runs loop bodies of one program, which share its tasks. */
export class LoopInterpreter {
  readonly #structured: StructuredSide | undefined;
  readonly #tasks = new Map<string, Task<void>>();

  constructor(structured?: StructuredSide) {
    this.#structured = structured;
  }

  /** Runs the statements one after another, in the task that the trace belongs to. */
  async run(body: Body, task: TaskTrace): Promise<void> {
    for (const statement of body) await this.#statement(statement, task);
  }

  async #statement(statement: Statement, task: TaskTrace): Promise<void> {
    switch (statement.op) {
      case "log":
        return task.log(statement.m);
      case "sleep":
        return await sleep(statement.d * 1000);
      case "checkpoint":
        return await sleep(0);
      case "raise":
        throw new AppError(statement.m);
      case "finally":
        try {
          await this.run(statement.body, task);
        } finally {
          await this.run(statement.final, task);
        }
        return;
      case "catch":
        return await this.#catch(statement.body, statement.handler, task);
      case "cancel":
        return this.#otherSide(statement.op).cancel(statement.id);
      case "set":
        return this.#otherSide(statement.op).set(statement.id);
      case "catch_cancel":
        return await this.#catchCancel(statement, task);
      case "task":
        void this.#start(statement.id, statement.body, task.child(statement.id));
        return;
      case "cancel_task": {
        const isCancelled = this.#tasks.get(statement.id)?.cancel();
        if (isCancelled !== undefined) task.log(isCancelled ? "cancel:yes" : "cancel:no");
        return;
      }
      case "await_task": {
        const awaited = this.#tasks.get(statement.id);
        if (!awaited) return;
        await awaited;
        return task.log(`joined:${statement.id}`);
      }
      case "wait_for": {
        const child = task.child("wait_for");
        const work = (): Promise<void> => this.run(statement.body, child);
        await naming(waitFor(work, statement.d * 1000));
        return task.log("wait_for:done");
      }
      case "timeout": {
        const body = (): Promise<void> => this.run(statement.body, task);
        await naming(timeout(statement.d * 1000, body));
        return task.log("timeout:done");
      }
      case "gather":
        return await this.#gather(statement, task);
      case "task_group":
        return await this.#taskGroup(statement, task);
      case "shield":
        if (!("body" in statement)) throw new UnknownOpError("loop", statement.op);
        await shield(this.#start(statement.id, statement.body, task.child("shield")));
        return task.log("shield:done");
      case "trio":
        return await this.#trio(statement, task);
      default:
        throw new UnknownOpError("loop", statement.op);
    }
  }

  #start(id: string, body: Body, task: TaskTrace): Task<void> {
    const started = createTask(() => this.run(body, task));
    this.#tasks.set(id, started);
    return started;
  }

  async #catch(body: Body, handler: Body, task: TaskTrace): Promise<void> {
    try {
      await this.run(body, task);
    } catch (error) {
      const [appErrors, rest] = splitAppErrors(error);
      if (appErrors === undefined) throw error;
      task.log(`catch:${printError(appErrors)}`);
      if (rest !== undefined) throw rest;
      await this.run(handler, task);
    }
  }

  async #catchCancel(statement: StatementOf<"catch_cancel">, task: TaskTrace): Promise<void> {
    try {
      await this.run(statement.body, task);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      task.log("CancelledError");
      await this.run(statement.handler, task);
      if (!statement.swallow) throw error;
    }
  }

  async #gather(statement: StatementOf<"gather">, task: TaskTrace): Promise<void> {
    const children = statement.bodies.map((body, index) => ({
      body,
      task: task.child(`gather.${index}`),
    }));
    const work = children.map((child) => () => this.run(child.body, child.task));
    const results = await gather(work, { returnErrors: statement.return_errors });
    const texts = results.map((result) => (result === undefined ? "ok" : printError(result)));
    task.log(`gather:${texts.join(",")}`);
  }

  async #taskGroup(statement: StatementOf<"task_group">, task: TaskTrace): Promise<void> {
    const { id, children, body } = statement;
    await taskGroup(async (group) => {
      children.forEach((child, index) => {
        const tag = `${id}.${index}`;
        const childTrace = task.child(tag);
        this.#tasks.set(
          tag,
          group.createTask(() => this.run(child, childTrace)),
        );
      });
      await this.run(body, task);
    });
    task.log(`${id}:done`);
  }

  async #trio(statement: StatementOf<"trio">, task: TaskTrace): Promise<void> {
    const future = this.#otherSide(statement.op).call(statement.body, task);
    if (statement.cancel_after !== undefined) {
      getRunningLoop().callLater(statement.cancel_after * 1000, () => future.cancel());
    }
    await future;
  }

  #otherSide(op: string): StructuredSide {
    if (!this.#structured) throw new UnknownOpError("loop", op);
    return this.#structured;
  }
}

/** Waits for the work, with its TimeoutError turned into the AppError of programs. */
async function naming(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof TimeoutError ? new AppError("Timeout", { cause: error }) : error;
  }
}
