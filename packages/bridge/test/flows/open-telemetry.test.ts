// A tracer that nobody here wrote keeps its context across every crossing.
import { context, createContextKey, trace, TraceFlags, type SpanContext } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { createTask, sleep as loopSleep } from "@trestle/loop";
import { checkpoint, openNursery, sleep, type Operation } from "@trestle/structured";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asLoop, asStructured } from "../../src/index.js";
import { virtualBridge } from "../virtual-bridge.js";

let manager: AsyncLocalStorageContextManager;

beforeEach(() => {
  manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
});

afterEach(() => {
  context.disable();
  manager.disable();
});

const spanContext = (name: string): SpanContext => ({
  traceId: name.charCodeAt(0).toString(16).padStart(32, "0"),
  spanId: name.charCodeAt(0).toString(16).padStart(16, "0"),
  traceFlags: TraceFlags.SAMPLED,
});

/** Runs a function with a span of that name as the active one. */
function withSpan<T>(name: string, fn: () => T): T {
  const span = trace.wrapSpanContext(spanContext(name));
  return context.with(trace.setSpan(context.active(), span), fn);
}

/** The name of the active span. */
function activeSpan(): string {
  const active = trace.getActiveSpan()?.spanContext().spanId;
  return active === undefined ? "none" : String.fromCharCode(Number.parseInt(active, 16));
}

/** Crosses so many times, in turn to each flavor, and tells what is active on each side of each wait. */
function crossing(times: number, see: (where: string) => void): Operation<void> {
  return asStructured(async () => {
    see(`loop ${times}`);
    await loopSleep(1);
    see(`loop ${times}, later`);
    if (times > 1) {
      await asLoop(function* () {
        see(`structured ${times - 1}`);
        yield* sleep(1);
        see(`structured ${times - 1}, later`);
        if (times > 2) yield* crossing(times - 2, see);
        see(`structured ${times - 1}, at the end`);
      })();
    }
    see(`loop ${times}, at the end`);
  })();
}

test("the active span stays the active one across five crossings, and behind them", async () => {
  const { run } = virtualBridge();
  const seen: string[] = [];
  await withSpan("a", () =>
    run(function* () {
      yield* crossing(5, (where) => seen.push(`${where}: ${activeSpan()}`));
      yield* checkpoint();
      seen.push(`main: ${activeSpan()}`);
    }),
  );
  expect(seen).toEqual([
    "loop 5: a",
    "loop 5, later: a",
    "structured 4: a",
    "structured 4, later: a",
    "loop 3: a",
    "loop 3, later: a",
    "structured 2: a",
    "structured 2, later: a",
    "loop 1: a",
    "loop 1, later: a",
    "loop 1, at the end: a",
    "structured 2, at the end: a",
    "loop 3, at the end: a",
    "structured 4, at the end: a",
    "loop 5, at the end: a",
    "main: a",
  ]);
  expect(activeSpan()).toBe("none");
});

test("a span that is started on the way goes further in, and does not come back", async () => {
  const { run } = virtualBridge();
  const seen: string[] = [];
  const see = (where: string): void => void seen.push(`${where}: ${activeSpan()}`);
  const inner = asLoop(function* () {
    yield* sleep(1);
    see("structured");
    yield* asStructured(async () => {
      await loopSleep(1);
      see("loop within");
    })();
  });
  await withSpan("a", () =>
    run(function* () {
      yield* asStructured(async () => {
        await withSpan("b", async () => {
          await loopSleep(1);
          await inner();
          see("loop, inside");
        });
        see("loop, outside");
      })();
      see("main");
    }),
  );
  expect(seen).toEqual([
    "structured: b",
    "loop within: b",
    "loop, inside: b",
    "loop, outside: a",
    "main: a",
  ]);
});

test("spans of requests side by side do not get mixed up, whoever wakes whom", async () => {
  const { run } = virtualBridge();
  const key = createContextKey("request");
  const seen: string[] = [];
  await run(() =>
    openNursery(function* (nursery) {
      for (const [i, name] of ["a", "b", "c"].entries()) {
        const request = asStructured(async () => {
          const value = context.active().setValue(key, name);
          await context.with(value, () =>
            createTask(async () => {
              await loopSleep(10 - i);
              await asLoop(function* () {
                yield* sleep(i);
                seen.push(`${name}: ${String(context.active().getValue(key))}`);
              })();
            }),
          );
        });
        nursery.startSoon(() => request());
      }
    }),
  );
  expect(seen.toSorted()).toEqual(["a: a", "b: b", "c: c"]);
});
