// The platform's async context (AsyncLocalStorage): loggers and tracers keep a request's id in it. Each task has its own, to
// begin with that of whoever started it.
//
// A context is an AsyncResource: making one takes a copy of the current context, and what it runs, runs in that. While no
// storage is in use in the process there is nothing to keep, and tasks have none. That is noticed where the platform
// writes to the resource that executes (Node 20 and 22): all ticks run in one resource, the sentinel, whose prototype is
// a proxy that is told of a new property. Elsewhere each task has a context from the beginning, and copies it after each
// turn, since a turn may have entered another store.
//
// The package knows this file as "#async-context": a bundle for browsers has no-async-context.ts in its place.
//
//   idle ── a storage is used in a tick; or was in use when a run or, from outside, a task began ──▶ in use
import type { AsyncResource } from "node:async_hooks";
import { processWide } from "@trestle/host";
import { advance } from "./advance.js";
import { ambient } from "./ambient.js";
import { ENDED } from "./phase.js";
import type { TaskRecord } from "./task-record.js";

/** What a task runs in. */
export type AsyncContext = AsyncResource;

type Hooks = typeof import("node:async_hooks");

interface Contexts {
  /** Whether some storage may be in use, so that tasks need contexts. */
  inUse: boolean;
  /** Whether entering a store changes the context itself, and not just what runs in it. */
  readonly keepsChanges: boolean;
  readonly hooks: Hooks | undefined;
  sentinel: AsyncContext | undefined;
  /** Whose turn it was when a storage was used for the first time: what it has entered is its own, and still the sentinel's. */
  firstUser: TaskRecord | undefined;
}

export const contexts = processWide<Contexts>("@trestle/structured async context", 1, () => {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const hooks = process?.getBuiltinModule?.("node:async_hooks");
  const writesToResources = hooks !== undefined && hasResourceStores(process ?? {});
  return {
    inUse: hooks !== undefined && !writesToResources,
    keepsChanges: writesToResources,
    hooks,
    sentinel: undefined,
    firstUser: undefined,
  };
});

/** Whether a storage keeps its value as a property of the resource that executes, as in Node before 24. */
function hasResourceStores({ versions, execArgv, env }: Partial<NodeJS.Process>): boolean {
  if (versions?.node === undefined || "bun" in versions || "deno" in versions) return false;
  const flags = [...(execArgv ?? []), env?.["NODE_OPTIONS"] ?? ""].join(" ");
  return Number.parseInt(versions.node, 10) < 24 && !flags.includes("async-context-frame");
}

const OPTIONS = { requireManualDestroy: true };

/** The context for the tasks of a run that is made now; undefined on a platform that has none. */
export function contextOfRun(): AsyncContext | undefined {
  if (ambient.task === undefined) detectUse();
  return captureContext();
}

/** The context for a task that is made now: the given one, or a copy of the current one, where there is something to keep. */
export function contextOfChild(
  ofRun: AsyncContext | undefined,
  given: AsyncContext | undefined,
): AsyncContext | undefined {
  if (ofRun === undefined) return undefined;
  // That none is in use any more shows when a run begins.
  if (ambient.task === undefined && !contexts.inUse) detectUse(given);
  return contexts.inUse ? (given ?? captureContext()) : undefined;
}

/** Takes a copy of the current context; undefined on a platform that has none. */
function captureContext(): AsyncContext | undefined {
  const { hooks } = contexts;
  return hooks === undefined ? undefined : new hooks.AsyncResource("TrestleTask", OPTIONS);
}

/** Finds out anew whether a storage is in use; for code outside of ticks, which the sentinel cannot watch. */
export function detectUse(context = captureContext()): void {
  if (contexts.keepsChanges) contexts.inUse = hasStores(context as AsyncContext);
}

/** What a resource has of its own where no storage is in use. */
const PLAIN = new Set(["async_id_symbol", "trigger_async_id_symbol", "context_frame"]);

function hasStores(context: AsyncContext): boolean {
  return Object.getOwnPropertySymbols(context).some((key) => !PLAIN.has(key.description ?? ""));
}

/** Runs a tick; the first use of a storage in it sets `inUse`. */
export function watchUse(tick: () => void): void {
  const { hooks } = contexts;
  if (contexts.inUse || hooks === undefined) return tick();
  contexts.sentinel ??= makeSentinel(hooks);
  const { sentinel } = contexts;
  sentinel.runInAsyncScope(tickInSentinel, undefined, tick);
  // It has a store of its own now, which the next tick must not see.
  if (contexts.inUse) contexts.sentinel = undefined;
}

function tickInSentinel(tick: () => void): void {
  tick();
  keepFirstUse();
}

/** Gives the first user of a storage what it has entered; in the sentinel, before anybody else has a turn. */
export function keepFirstUse(): void {
  const task = contexts.firstUser;
  contexts.firstUser = undefined;
  if (task !== undefined && task.phase !== ENDED) task.context ??= captureContext();
}

/**
 * Runs a task until it gives up its turn, or ends, in an async context of its own.
 *
 * @param ofRun the context of the run, for a task that was made before any was in use
 */
export function advanceIn(ofRun: AsyncContext, task: TaskRecord): void {
  task.context ??= ofRun.runInAsyncScope(captureContext) as AsyncContext;
  task.context.runInAsyncScope(contexts.keepsChanges ? advance : advanceAndKeep, undefined, task);
}

// Where entering a store does not change the context itself, it has to be taken anew.
function advanceAndKeep(task: TaskRecord): void {
  advance(task);
  if (task.phase !== ENDED) task.context = captureContext();
}

function makeSentinel(hooks: Hooks): AsyncContext {
  const trap = new Proxy(hooks.AsyncResource.prototype, {
    set(_target, key, value, resource) {
      if (armed) {
        contexts.inUse = true;
        contexts.firstUser = ambient.task;
      }
      return Reflect.defineProperty(resource as object, key, {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    },
  });
  function Sentinel(): void {}
  Sentinel.prototype = trap;
  let armed = false;
  const sentinel = Reflect.construct(
    hooks.AsyncResource,
    ["TrestleRun", OPTIONS],
    Sentinel,
  ) as AsyncContext;
  // Found on the object itself: the way through the proxy is a slow one.
  Object.defineProperty(sentinel, "runInAsyncScope", {
    value: Reflect.get(hooks.AsyncResource.prototype, "runInAsyncScope"),
  });
  armed = true;
  return sentinel;
}
