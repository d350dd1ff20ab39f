// Programs of the structured flavor: one switch over the statements, on the public API of @trestle/structured.
import {
  CancelScope,
  checkpoint,
  ClosedResourceError,
  BrokenResourceError,
  currentEffectiveDeadline,
  currentTime,
  EndOfChannel,
  failAfter,
  named,
  NotStartedError,
  NurseryClosedError,
  openNursery,
  RelockError,
  sleep,
  TooSlowError,
  type Nursery,
  type Operation,
  type TaskStatus,
} from "@trestle/structured";
import { AppError, printError, splitAppErrors } from "./app-error.js";
import type { LoopSide } from "./crossing.js";
import { Declarations } from "./declarations.js";
import type {
  Body,
  NurseryStatement,
  Program,
  ScopeStatement,
  StartStatement,
  Statement,
} from "./program.js";
import type { TaskTrace } from "./task-trace.js";
import { translating } from "./translating.js";
import { UnknownOpError } from "./unknown-op-error.js";

/** Runs structured bodies of one program, which share its scopes, nurseries, events, channels and locks. */
export class StructuredInterpreter {
  readonly #loop: LoopSide | undefined;
  readonly #scopes = new Map<string, CancelScope>();
  readonly #nurseries = new Map<string, Nursery>();
  readonly #declared: Declarations;

  constructor(program: Program, loop?: LoopSide) {
    this.#loop = loop;
    this.#declared = new Declarations(program);
  }

  /** Cancels the scope or the nursery's scope of that id; nothing where there is none yet. */
  cancel(id: string): void {
    this.#scopes.get(id)?.cancel();
  }

  /** Sets the event. */
  set(id: string): void {
    this.#declared.event(id).set();
  }

  /** Runs the statements one after another, in the task that the trace belongs to. */
  *run(body: Body, task: TaskTrace): Operation<void> {
    for (const statement of body) yield* this.#statement(statement, task);
  }

  *#statement(statement: Statement, task: TaskTrace): Operation<void> {
    switch (statement.op) {
      case "log":
        return task.log(statement.m);
      case "sleep":
        return yield* sleep(statement.d * 1000);
      case "checkpoint":
        return yield* checkpoint();
      case "raise":
        throw new AppError(statement.m);
      case "finally":
        try {
          yield* this.run(statement.body, task);
        } finally {
          yield* this.run(statement.final, task);
        }
        return;
      case "catch":
        return yield* this.#catch(statement.body, statement.handler, task);
      case "cancel":
        return this.cancel(statement.id);
      case "set":
        return this.set(statement.id);
      case "cancelled":
        return task.log(
          currentEffectiveDeadline() === -Infinity ? "cancelled:yes" : "cancelled:no",
        );
      case "scope":
        return yield* this.#scope(statement, task);
      case "fail_after": {
        const body = (): Operation<void> => this.run(statement.body, task);
        return yield* translating(failAfter(statement.d * 1000, body), [[TooSlowError, "TooSlow"]]);
      }
      case "nursery":
        return yield* this.#nursery(statement, task);
      case "spawn":
        return this.#spawn(statement.nursery, statement.body, task);
      case "start":
        return yield* this.#start(statement, task);
      case "shield": {
        const scope = this.#scopes.get(statement.id);
        if (scope && "value" in statement) scope.shield = statement.value;
        return;
      }
      case "deadline": {
        const scope = this.#scopes.get(statement.id);
        if (scope) scope.deadline = currentTime() + statement.d * 1000;
        return;
      }
      case "wait":
        return yield* this.#declared.event(statement.id).wait();
      case "send": {
        const [send] = this.#declared.channel(statement.id);
        return yield* translating(send.send(statement.v), [
          [BrokenResourceError, "BrokenResource"],
          [ClosedResourceError, "ClosedResource"],
        ]);
      }
      case "recv": {
        const [, receive] = this.#declared.channel(statement.id);
        const value = yield* translating(receive.receive(), [
          [EndOfChannel, "EndOfChannel"],
          [ClosedResourceError, "ClosedResource"],
        ]);
        return task.log(`recv:${value}`);
      }
      case "close_send":
        return this.#declared.channel(statement.id)[0].close();
      case "close_recv":
        return this.#declared.channel(statement.id)[1].close();
      case "lock": {
        const lock = this.#declared.lock(statement.id);
        const body = (): Operation<void> => this.run(statement.body, task);
        return yield* translating(lock.hold(body), [[RelockError, "Relock"]]);
      }
      case "sem":
        return yield* this.#declared
          .semaphore(statement.id)
          .hold(() => this.run(statement.body, task));
      case "aio":
        if (!this.#loop) throw new UnknownOpError("structured", statement.op);
        return yield* this.#loop.call(statement.body, task);
      default:
        throw new UnknownOpError("structured", statement.op);
    }
  }

  *#catch(body: Body, handler: Body, task: TaskTrace): Operation<void> {
    try {
      yield* this.run(body, task);
    } catch (error) {
      const [appErrors, rest] = splitAppErrors(error);
      if (appErrors === undefined) throw error;
      task.log(`catch:${printError(appErrors)}`);
      if (rest !== undefined) throw rest;
      yield* checkpoint();
      yield* this.run(handler, task);
    }
  }

  *#scope(statement: ScopeStatement, task: TaskTrace): Operation<void> {
    const { id, deadline, shield } = statement;
    const scope = new CancelScope(
      deadline === null ? { shield } : { deadline: currentTime() + deadline * 1000, shield },
    );
    this.#scopes.set(id, scope);
    if (statement.cancelled) scope.cancel();
    const { cancelledCaught } = yield* scope.run(() => this.run(statement.body, task));
    task.log(cancelledCaught ? `${id}:caught` : `${id}:done`);
  }

  *#nursery(statement: NurseryStatement, task: TaskTrace): Operation<void> {
    const { id } = statement;
    yield* openNursery((nursery) => this.#insideNursery(nursery, statement, task));
    task.log(this.#scopes.get(id)?.cancelledCaught ? `${id}:caught` : `${id}:done`);
  }

  *#insideNursery(nursery: Nursery, statement: NurseryStatement, task: TaskTrace): Operation<void> {
    const { id, children, body } = statement;
    this.#nurseries.set(id, nursery);
    this.#scopes.set(id, nursery.cancelScope);
    children.forEach((child, index) =>
      this.#startSoon(nursery, child, task.child(`${id}.${index}`)),
    );
    yield* this.run(body, task);
  }

  #startSoon(nursery: Nursery, body: Body, task: TaskTrace): void {
    nursery.startSoon(named(task.name, () => this.run(body, task)));
  }

  #spawn(id: string, body: Body, task: TaskTrace): void {
    const nursery = this.#nurseries.get(id);
    if (!nursery) return task.log("spawn:none");
    try {
      this.#startSoon(nursery, body, task.child("spawn"));
    } catch (error) {
      if (!(error instanceof NurseryClosedError)) throw error;
      task.log("spawn:closed");
    }
  }

  *#start(statement: StartStatement, task: TaskTrace): Operation<void> {
    const nursery = this.#nurseries.get(statement.nursery);
    if (!nursery) return task.log("start:none");
    const child = task.child("start");
    const main = (status: TaskStatus<string>): Operation<void> =>
      this.#startedChild(status, statement, child);
    try {
      const started = yield* translating(nursery.start(named(child.name, main)), [
        [NotStartedError, "NeverStarted"],
      ]);
      task.log(`start:${started}`);
    } catch (error) {
      if (!(error instanceof NurseryClosedError)) throw error;
      task.log("start:closed");
    }
  }

  *#startedChild(
    status: TaskStatus<string>,
    statement: StartStatement,
    task: TaskTrace,
  ): Operation<void> {
    yield* this.run(statement.before, task);
    if (statement.never) return;
    status.started(statement.value);
    yield* this.run(statement.after, task);
  }
}
