import { EventEmitter } from "node:events";
import {
  ArgumentError,
  asSignalClaim,
  ExceptionGroup,
  ExitError,
  WrongFlavorError,
} from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test, vi } from "vitest";
import {
  CancelScope,
  currentTask,
  isCancelled,
  main,
  NoProcessError,
  openNursery,
  SignalReceivedError,
  sleep,
  sleepForever,
  type CancelledCause,
  type Operation,
} from "../../src/index.js";
import { runProgram, type ProgramProcess } from "../../src/run/main.js";
import { childPrograms } from "../child-program.js";

type ExitCode = ProgramProcess["exitCode"];

class FakeProcess extends EventEmitter implements ProgramProcess {
  exitCode: ExitCode = undefined;
  readonly pid = 7;
  written = "";
  readonly ends: string[] = [];
  readonly stderr = { write: (text: string): void => void (this.written += text) };

  kill(pid: number, signal: string): void {
    this.ends.push(`kill ${pid} ${signal}`);
  }

  exit(code: number): void {
    this.ends.push(`exit ${code}`);
  }

  send(signal: string): void {
    this.emit(signal, signal);
  }

  get ours(): number {
    return this.listenerCount("SIGINT") + this.listenerCount("SIGTERM");
  }
}

function program(): {
  readonly process: FakeProcess;
  readonly host: VirtualHost;
  readonly start: (fn: () => Operation<number | void>) => Promise<void>;
} {
  const process = new FakeProcess();
  const host = new VirtualHost();
  return { process, host, start: (fn) => runProgram(fn, { host }, process) };
}

describe("a program", () => {
  test("ends with the code that its function returns", async () => {
    const { process, start } = program();
    await start(function* () {
      yield* sleep(10);
      return 3;
    });
    expect(process.exitCode).toBe(3);
    expect(process.written).toBe("");
  });

  test("leaves the code alone where its function returns none", async () => {
    const { process, start } = program();
    process.exitCode = 4;
    await start(() => sleep(1));
    expect(process.exitCode).toBe(4);
  });

  test.each([-1, 256, 1.5, Number.NaN])("fails where it returns %d as a code", async (code) => {
    const { process, start } = program();
    await start(function* () {
      return code;
    });
    expect(process.exitCode).toBe(1);
    expect(process.written).toContain(`Cannot exit with ${code} (number)`);
  });

  test("reports an error that leaves it, and ends with 1", async () => {
    const { process, start } = program();
    await start(() =>
      openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          throw new TypeError("of a child", { cause: new Error("the cause") });
        });
      }),
    );
    expect(process.exitCode).toBe(1);
    expect(process.written).toMatch(/^Uncaught ExceptionGroup: 1 error in the nursery of task/);
    expect(process.written).toContain("\n  1. TypeError: of a child\n");
    expect(process.written).toContain("caused by Error: the cause\n");
  });

  test("ends with the code of an ExitError that leaves it, without a report, also from a group", async () => {
    for (const body of [
      function* (): Operation<void> {
        throw new ExitError(3);
      },
      () =>
        openNursery(function* (nursery) {
          nursery.startSoon(function* () {
            throw new ExitError(3);
          });
        }),
    ]) {
      const { process, start } = program();
      await start(body);
      expect([process.exitCode, process.written]).toEqual([3, ""]);
    }
  });

  test("reports what came out beside an ExitError, whose code it still ends with", async () => {
    const { process, start } = program();
    await start(function* () {
      throw new ExceptionGroup("both", [new Error("of a cleanup"), new ExitError(3)]);
    });
    expect(process.exitCode).toBe(3);
    expect(process.written).toContain("of a cleanup");
  });

  test("reports a deadlock", async () => {
    const { process, start } = program();
    await start(sleepForever);
    expect(process.exitCode).toBe(1);
    expect(process.written).toContain("Uncaught DeadlockError: Cannot go on");
  });

  test("listens to the two signals while it runs, and leaves other listeners alone", async () => {
    const { process, start } = program();
    const others = vi.fn<(signal: string) => void>();
    process.on("SIGINT", others);
    let during = 0;
    await start(function* () {
      during = process.ours;
    });
    expect(during).toBe(3);
    expect(process.listeners("SIGINT")).toEqual([others]);
    expect(process.ours).toBe(1);
  });

  test("listens to nothing where it cannot begin", () => {
    const { process, start } = program();
    const wrong = (async () => {}) as unknown as () => Operation<void>;
    expect(() => start(wrong)).toThrow(WrongFlavorError);
    const throwing = (): Operation<void> => {
      throw new Error("before there is an operation");
    };
    expect(() => start(throwing)).toThrow("before there is an operation");
    expect(() => runProgram(() => sleep(1), { seed: 0.5 }, process)).toThrow(ArgumentError);
    expect(process.ours).toBe(0);
  });

  test("has its function's name for the main task", async () => {
    const { start } = program();
    const names: string[] = [];
    await start(function* crawler() {
      names.push(currentTask().name);
    });
    expect(names).toEqual(["crawler"]);
  });
});

describe("the first signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "%s cancels main, with itself as the reason, and the code is %d",
    async (name, code) => {
      const { process, host, start } = program();
      let cause: CancelledCause | undefined;
      let cleanedUp = Number.NaN;
      host.at(10, () => process.send(name));
      await start(function* () {
        try {
          yield* sleepForever();
        } catch (error) {
          if (isCancelled(error)) ({ cause } = error);
          throw error;
        } finally {
          yield* new CancelScope({ shield: true }).run(() => sleep(5));
          cleanedUp = host.now();
        }
      });
      expect(cause).toMatchObject({ kind: "explicit", task: undefined });
      expect(cause?.reason).toBeInstanceOf(SignalReceivedError);
      expect(cause?.reason).toMatchObject({ signal: name });
      expect(cleanedUp).toBe(15);
      expect(process.exitCode).toBe(code);
      expect(process.written).toBe("");
      expect(process.ends).toEqual([]);
      expect(process.ours).toBe(0);
    },
  );

  test("leaves a signal alone that the program takes", async () => {
    const { process, host, start } = program();
    const taking = asSignalClaim(() => {});
    process.on("SIGTERM", taking);
    host.at(10, () => process.send("SIGTERM"));
    host.at(20, () => process.off("SIGTERM", taking));
    host.at(30, () => process.send("SIGTERM"));
    const times: number[] = [];
    await start(function* () {
      try {
        yield* sleepForever();
      } finally {
        times.push(host.now());
      }
    });
    expect([times, process.exitCode]).toEqual([[30], 143]);
  });

  test("is no more than asked for: a function that returns a code has the last word", async () => {
    const { process, host, start } = program();
    host.at(10, () => process.send("SIGTERM"));
    await start(function* () {
      yield* new CancelScope({ shield: true }).run(() => sleep(20));
      return 0;
    });
    expect(process.exitCode).toBe(0);
  });

  test("shows in the code also where main then ends by itself", async () => {
    const { process, host, start } = program();
    host.at(10, () => process.send("SIGTERM"));
    await start(function* () {
      yield* new CancelScope({ shield: true }).run(() => sleep(20));
    });
    expect(process.exitCode).toBe(143);
  });

  test("does not hide an error of the cleanup", async () => {
    const { process, host, start } = program();
    host.at(10, () => process.send("SIGINT"));
    await start(function* () {
      try {
        yield* sleepForever();
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- a cleanup that fails is what is shown
        throw new Error("of the cleanup");
      }
    });
    expect(process.exitCode).toBe(1);
    expect(process.written).toContain("Uncaught Error: of the cleanup\n");
  });
});

describe("the second signal", () => {
  const stubborn = function* stubborn(): Operation<void> {
    yield* new CancelScope({ shield: true }).run(() => sleep(20));
  };

  test("ends the process at once, by the signal itself, and tells what was left", async () => {
    const { process, host, start } = program();
    host.at(10, () => process.send("SIGINT"));
    host.at(11, () => process.send("SIGTERM"));
    host.at(12, () => expect(process.ours).toBe(0));
    await start(stubborn);
    expect(process.ends).toEqual(["kill 7 SIGTERM"]);
    expect(process.written).toBe(
      "Ended by a second signal, SIGTERM. Left:\n  task 'stubborn' waits for the time 20 ms (it sleeps)\n",
    );
  });

  test("does so by its code where others listen: they would keep the process alive", async () => {
    const { process, host, start } = program();
    const others = vi.fn<(signal: string) => void>();
    process.on("SIGINT", others);
    host.at(10, () => process.send("SIGINT"));
    host.at(11, () => process.send("SIGINT"));
    await start(stubborn);
    expect(process.ends).toEqual(["exit 130"]);
    expect(others).toHaveBeenCalledTimes(2);
  });
});

describe("a platform without a process", () => {
  test("is told so", () => {
    vi.stubGlobal("process", undefined);
    try {
      expect(() => main(() => sleep(1))).toThrow(NoProcessError);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("in a process of its own", () => {
  const run = childPrograms();
  const listens = 'process.on("exit", () => console.log(process.listenerCount("SIGINT")));\n';

  test("a program prints, returns its code, and ends by itself", async () => {
    const result = await run(`${listens}
      structured.main(function* () {
        yield* structured.sleep(1);
        console.log("done");
        return 5;
      });`);
    expect(result).toEqual({ code: 5, signal: null, stdout: "done\n0\n", stderr: "" });
  });

  test("a program that fails is reported", async () => {
    const { code, stdout, stderr } = await run(`
      structured.main(() => structured.openNursery(function* (nursery) {
        nursery.startSoon(function* () { throw new Error("of a child"); });
        console.log("begins");
      }));`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "begins\n" });
    expect(stderr).toMatch(/^Uncaught ExceptionGroup: 1 error in the nursery/);
    expect(stderr).toMatch(/^ {2}1\. Error: of a child\n {8}at /m);
  });

  test("a program that nothing can wake any more is reported", async () => {
    const { code, stderr } = await run("structured.main(() => new structured.Event().wait(), {});");
    expect(code).toBe(1);
    expect(stderr).toContain("waits for an event");
  });

  const cleansUp = `${listens}
    structured.main(function* () {
      try {
        console.log("ready");
        yield* structured.sleep(100_000);
      } finally {
        yield* new structured.CancelScope({ shield: true }).run(() => structured.sleep(1));
        console.log("cleaned up");
      }
    });`;

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s unwinds a program, and its code is %d (KI-8, T242)", async (signal, code) => {
    const result = await run(cleansUp, ["ready", signal]);
    expect(result).toEqual({ code, signal: null, stdout: "ready\ncleaned up\n0\n", stderr: "" });
  });

  const stubborn = (others: string): string => `${others}
    structured.main(function* stubborn() {
      console.log("ready");
      yield* new structured.CancelScope({ shield: true }).run(function* () {
        try {
          yield* structured.moveOnAfter(20, () => structured.sleepForever());
          console.log("goes on");
          yield* structured.sleep(100_000);
        } finally {
          console.log("never");
        }
      });
    });`;

  test("a second signal ends a program that does not unwind, and the shell sees the signal", async () => {
    const result = await run(stubborn(""), ["ready", "SIGINT"], ["goes on", "SIGINT"]);
    expect(result).toMatchObject({ code: null, signal: "SIGINT", stdout: "ready\ngoes on\n" });
    expect(result.stderr).toMatch(
      /^Ended by a second signal, SIGINT\. Left:\n {2}task 'stubborn' waits for the time/,
    );
  });

  test("a second signal does so by the code where somebody else listens", async () => {
    const result = await run(
      stubborn('process.on("SIGTERM", () => console.log("heard"));'),
      ["ready", "SIGINT"],
      ["goes on", "SIGTERM"],
    );
    expect(result).toMatchObject({ code: 143, signal: null });
  });

  test("a signal after the program's end is not ours", async () => {
    const result = await run(
      `await structured.main(() => structured.sleep(1));
      setTimeout(() => {}, 100_000);
      console.log("ended");`,
      ["ended", "SIGTERM"],
    );
    expect(result).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});
