import { failure, InternalError, success, type Outcome, type Wait } from "@trestle/host";
import { doorBehaviours, VirtualHost, type Door } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { until } from "../src/until.js";
import { messages, traced } from "./on-virtual-time.js";

describe("the loop's door for a Wait", () => {
  const open = (): Door => {
    // On a host of its own, where nothing being ready does not count as a deadlock.
    const host = new VirtualHost();
    const release = host.hold("the test");
    const loop = new EventLoop({ host });
    void loop
      .runForever()
      .then(release)
      .then(() => loop.close());
    const settle = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 2));
    return {
      enter: (wait) => {
        const task = loop.createTask(async () => until(wait));
        const ended = task.then(success, failure) as Promise<Outcome<unknown>>;
        void ended.then(() => loop.stop());
        return { cancel: () => void task.cancel(), ended };
      },
      settle,
    };
  };
  for (const { title, run } of doorBehaviours(open)) test(title, run);
});

test("a wait that is cancelled is offered the cancellation at once, not at the next await", async () => {
  const log = await traced(async ({ log, loop }) => {
    const waiting = until(() => {
      log("armed");
      return (cancelled) => {
        log(String(cancelled));
        return "withdrawn";
      };
    });
    loop.callLater(5, () => waiting.cancel("enough"));
    await waiting.catch(() => log("ended"));
  });
  expect(log).toEqual([
    [0, "armed"],
    [5, "CancelledError: enough"],
    [5, "ended"],
  ]);
});

test("a committed wait stays pending; it may answer a second cancel with yes and is not asked again", async () => {
  const log = await messages(async ({ log }) => {
    let end: (outcome: Outcome<string>) => void = () => {};
    const waiting = until<string>((resume) => {
      end = resume;
      return () => {
        log("asked");
        return "committed";
      };
    });
    log(`${waiting.cancel()} ${waiting.cancel()} ${waiting.done()}`);
    end(success("value"));
    log(`${await waiting} ${waiting.cancel()}`);
  });
  expect(log).toEqual(["asked", "true true false", "value false"]);
});

test("a wait that breaks the laws is told", async () => {
  await messages(async () => {
    let resume: (outcome: Outcome<void>) => void = () => {};
    const wait: Wait<void> = (given) => {
      resume = given;
      return () => "withdrawn";
    };
    const waiting = until(wait, "a careless wait");
    resume(success());
    expect(() => resume(success())).toThrow(InternalError);
    await waiting;
    until(wait).cancel();
    expect(() => resume(success())).toThrow("it has resumed before or was withdrawn");
    await sleep(0);
  });
});

test("one that ends after its loop has closed ends for nobody", async () => {
  let resume: (outcome: Outcome<void>) => void = () => {};
  await messages(async ({ loop }) => {
    const waiting = until<void>((given) => {
      resume = given;
      return () => "committed";
    });
    waiting.addDoneCallback(() => {});
    loop.callSoon(() => {});
  });
  expect(() => resume(success())).not.toThrow();
});

test("needs a loop", () => {
  expect(() => until(() => () => "withdrawn")).toThrow(NoLoopError);
});

test("an abort is offered to the wait like a cancellation, once, and its reason comes back", async () => {
  const log = await messages(async ({ log }) => {
    const reason = new Error("the user left");
    const controller = new AbortController();
    const withdrawn = until<void>(
      () => (given) => {
        log(`asked: ${String(given === reason)}`);
        return "withdrawn";
      },
      "a wait",
      controller,
    );
    let resume: (outcome: Outcome<void>) => void = () => {};
    const committed = until<void>(
      (given) => {
        resume = given;
        return () => "committed";
      },
      "a wait",
      controller,
    );
    controller.abort(reason);
    expect(await withdrawn.catch((error: unknown) => error)).toBe(reason);
    log(`committed: ${committed.done()}`);
    resume(failure(reason));
    expect(await committed.catch((error: unknown) => error)).toBe(reason);
  });
  expect(log).toEqual(["asked: true", "committed: false"]);
});

test("a wait whose signal is aborted already is armed, and then offered it", async () => {
  const log = await messages(async ({ log }) => {
    const signal = AbortSignal.abort("before");
    const waiting = until<void>(
      () => {
        log("armed");
        return (reason) => {
          log(`asked: ${String(reason)}`);
          return "withdrawn";
        };
      },
      "a wait",
      { signal },
    );
    await waiting.catch((error: unknown) => log(String(error)));
  });
  expect(log).toEqual(["armed", "asked: before", "before"]);
});

test("a task that is cancelled after an abort is cancelled where the wait ends for the abort", async () => {
  await messages(async () => {
    const controller = new AbortController();
    let resume: (outcome: Outcome<void>) => void = () => {};
    const waiting = until<void>(
      (given) => {
        resume = given;
        return () => "committed";
      },
      "a wait",
      controller,
    );
    controller.abort("the user left");
    expect(waiting.cancel("enough")).toBe(true);
    resume(failure("the user left"));
    await expect(waiting).rejects.toThrow("enough");
    expect(waiting.cancelled()).toBe(true);
  });
});

test("refuses what is no AbortSignal", async () => {
  await messages(async () => {
    const signal = "stop" as unknown as AbortSignal;
    expect(() => until(() => () => "withdrawn", "a wait", { signal })).toThrow(
      'Cannot wait with "stop"',
    );
  });
});
