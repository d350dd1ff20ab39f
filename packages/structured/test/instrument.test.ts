import { ArgumentError } from "@trestle/host";
import { describe, expect, test, vi } from "vitest";
import {
  CancelScope,
  checkpoint,
  currentTask,
  inStructuredTask,
  moveOnAfter,
  openNursery,
  run as runOnPlatform,
  sleep,
  sleepForever,
  type Instrument,
  type Operation,
  type TaskStatus,
} from "../src/index.js";
import { Instruments } from "../src/instrument.js";
import { addInstrument, removeInstrument } from "../src/lowlevel.js";
import { virtualRun } from "./virtual-run.js";

/** An instrument that writes each call of the hooks that are named, with what tells most of its arguments. */
function recorder(hooks: readonly (keyof Instrument)[]): {
  readonly calls: string[];
  readonly instrument: Instrument;
} {
  const calls: string[] = [];
  const text = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return String(value);
    if ("kind" in value) return String(value.kind);
    if ("ok" in value) return value.ok === true ? "success" : "failure";
    if ("childTasks" in value) return "nursery";
    return "name" in value ? String(value.name) : "scope";
  };
  const instrument = Object.fromEntries(
    hooks.map((hook) => [
      hook,
      (...args: unknown[]) => calls.push([hook, ...args.map(text)].join(" ")),
    ]),
  );
  return { calls, instrument };
}

describe("the hooks of an instrument", () => {
  test("tell each turn of a task, and that it is ready again before the turn is over (INS-1, INS-4, T239)", async () => {
    const { run } = virtualRun();
    const { calls, instrument } = recorder([
      "beforeRun",
      "afterRun",
      "taskSpawned",
      "taskScheduled",
      "beforeTaskStep",
      "afterTaskStep",
      "taskExited",
    ]);
    await run(
      function* main() {
        yield* checkpoint();
      },
      { instruments: [instrument] },
    );
    expect(calls).toEqual([
      "beforeRun",
      "taskSpawned main",
      "taskScheduled main",
      "beforeTaskStep main",
      "taskScheduled main",
      "afterTaskStep main",
      "beforeTaskStep main",
      "taskExited main success",
      "afterRun",
      "afterTaskStep main",
    ]);
  });

  test("tell how two tasks take turns (T239)", async () => {
    const { run } = virtualRun();
    const { calls, instrument } = recorder(["beforeTaskStep", "taskExited"]);
    const twice = function* (): Operation<void> {
      yield* checkpoint();
    };
    await run(
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* a() {
            yield* twice();
          });
          nursery.startSoon(function* b() {
            yield* twice();
          });
        }),
      { instruments: [instrument] },
    );
    expect(calls.slice(1, -2)).toEqual([
      "beforeTaskStep a",
      "beforeTaskStep b",
      "beforeTaskStep a",
      "taskExited a success",
      "beforeTaskStep b",
      "taskExited b success",
    ]);
  });

  test("tell nurseries, scopes, moves, what blocks a task and how it exits (INS-6)", async () => {
    const { run } = virtualRun();
    const { calls, instrument } = recorder([
      "nurseryOpened",
      "nurseryClosed",
      "scopeEntered",
      "scopeCancelled",
      "scopeLeft",
      "taskMoved",
      "taskBlocked",
      "taskExited",
    ]);
    const service = function* service(status: TaskStatus): Operation<void> {
      status.started();
      yield* sleepForever();
    };
    await run(
      function* main() {
        yield* openNursery(function* (nursery) {
          yield* nursery.start(service);
          yield* new CancelScope({ name: "brief", relativeDeadline: 5 }).run(() => sleep(10));
          nursery.cancelScope.cancel();
        });
      },
      { instruments: [instrument] },
    );
    expect(calls).toEqual([
      "scopeEntered undefined main",
      "nurseryOpened nursery main",
      "taskBlocked main the end of its start of 'service' (1 child left)",
      "taskMoved service nursery",
      "taskBlocked service its cancellation (it sleeps for ever)",
      "scopeEntered brief main",
      "taskBlocked main the time 10 ms (it sleeps)",
      "scopeCancelled brief deadline",
      "scopeLeft brief main",
      "scopeCancelled undefined explicit",
      "taskBlocked main the end of its nursery (1 child left)",
      "taskExited service failure",
      "nurseryClosed nursery main",
      "scopeLeft undefined main",
      "taskExited main success",
    ]);
  });

  test("tell each point where a task can be cancelled, before it looks", async () => {
    const { run, trace, log } = virtualRun();
    const scope = new CancelScope();
    let points = 0;
    const instrument: Instrument = {
      taskCheckpoint() {
        if (++points === 3) scope.cancel();
      },
    };
    await run(
      () =>
        scope.run(function* () {
          for (let i = 1; ; i++) {
            yield* checkpoint();
            log(`passed ${i}`);
          }
        }),
      { instruments: [instrument] },
    );
    expect(trace.messages).toEqual(["passed 1", "passed 2"]);
  });

  test("tell how long the host may take its turn (INS-1)", async () => {
    const { run } = virtualRun();
    const { calls, instrument } = recorder(["beforeIoWait", "afterIoWait"]);
    await run(() => moveOnAfter(5, () => sleep(10)), { instruments: [instrument] });
    expect(calls).toContain("beforeIoWait 5");
    expect(calls).toContain("afterIoWait 5");
  });

  test("of tasks are called in the task, those of the host are not (RUN-22, T104)", async () => {
    const { run } = virtualRun();
    const seen: Record<string, boolean> = {};
    const instrument: Instrument = {
      beforeTaskStep: () => void (seen["step"] = inStructuredTask()),
      beforeIoWait: () => void (seen["wait"] = inStructuredTask()),
    };
    await run(() => sleep(1), { instruments: [instrument] });
    expect(seen).toEqual({ step: true, wait: false });
  });
});

describe("an instrument", () => {
  test("that throws is reported and taken out, and the others and the run go on (INS-3, T239)", async () => {
    const { run } = virtualRun();
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    let failures = 0;
    const failing: Instrument = {
      taskScheduled() {
        failures++;
        throw new Error("a defect");
      },
    };
    const { calls, instrument } = recorder(["taskExited"]);
    await run(
      function* main() {
        yield* checkpoint();
      },
      { instruments: [failing, instrument] },
    );
    expect(failures).toBe(1);
    expect(emitWarning).toHaveBeenCalledOnce();
    expect(emitWarning).toHaveBeenCalledWith(
      expect.stringContaining("its 'taskScheduled' threw"),
      expect.objectContaining({ code: "TRESTLE_INSTRUMENT_FAILED" }),
    );
    expect(calls).toEqual(["taskExited main success"]);
  });

  test("can come and go while the run goes on, from a hook too; twice is once, absent is an error (INS-2)", async () => {
    const { run, trace, log } = virtualRun();
    const instrument: Instrument = {
      beforeTaskStep(task) {
        log(`step of ${task.name}`);
        removeInstrument(instrument);
      },
    };
    await run(function* main() {
      addInstrument(instrument);
      addInstrument(instrument);
      yield* checkpoint();
      yield* checkpoint();
      expect(() => removeInstrument(instrument)).toThrow(ArgumentError);
    });
    expect(trace.messages).toEqual(["step of main"]);
  });

  test("is looked up when it is added: what is changed afterwards is not called (INS-2, T239)", async () => {
    const { run } = virtualRun();
    const late = vi.fn<() => void>();
    const instrument: Instrument = { taskExited: () => {} };
    await run(
      function* () {
        instrument.beforeTaskStep = late;
        yield* checkpoint();
      },
      { instruments: [instrument] },
    );
    expect(late).not.toHaveBeenCalled();
  });

  test("of which a hook cannot be read is not added at all (INS-5, T239)", () => {
    const instruments = new Instruments();
    const step = vi.fn<() => void>();
    const broken: Instrument = {
      beforeTaskStep: step,
      get taskExited(): never {
        throw new Error("no");
      },
    };
    expect(() => instruments.add(broken)).toThrow("no");
    expect(instruments.has(broken)).toBe(false);
    instruments.emit("afterRun");
    expect(instruments.isEmpty).toBe(true);
  });

  test.each([undefined, null, 5, "tracer"])("cannot be %s", async (instrument) => {
    await expect(
      (async () =>
        runOnPlatform(() => checkpoint(), {
          instruments: [instrument as unknown as Instrument],
        }))(),
    ).rejects.toThrow(ArgumentError);
  });

  test("makes each checkpoint a turn of its own, and changes no order", async () => {
    const trace = async (instruments: readonly Instrument[]): Promise<readonly string[]> => {
      const { run, trace: lines, log } = virtualRun();
      const loop = function* (): Operation<void> {
        for (let i = 0; i < 3; i++) {
          log(`${currentTask().name} ${i}`);
          yield* checkpoint();
        }
      };
      await run(
        () =>
          openNursery(function* (nursery) {
            nursery.startSoon(loop);
            yield* loop();
          }),
        { instruments },
      );
      return lines.messages;
    };
    expect(await trace([{ taskExited: () => {} }])).toEqual(await trace([]));
  });
});
