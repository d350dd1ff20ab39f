import { failure, type Abort, type Outcome, type Wait } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { doorBehaviours, type Door, type WaitingTask } from "../src/door-behaviours.js";
import { VirtualHost } from "../src/virtual-host.js";

type Resume = (outcome: Outcome<unknown>) => void;

/** A runtime of one kind of task, which only waits. Each part can be done wrong. */
class OneWait implements WaitingTask {
  readonly ended: Promise<Outcome<unknown>>;
  protected readonly wait: Wait<unknown>;
  protected abort: Abort | undefined;
  protected cancelled: Error | undefined;
  protected outcome: Outcome<unknown> | undefined;
  #end!: Resume;

  constructor(host: VirtualHost, wait: Wait<unknown>) {
    this.wait = wait;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    host.soon(() => this.arm());
  }

  readonly cancel = (): void => {
    if (this.cancelled) return;
    this.cancelled = new Error("cancelled");
    this.offer(this.cancelled);
  };

  protected arm(): void {
    this.abort = this.wait((outcome) => this.end(outcome));
    if (this.cancelled) this.offer(this.cancelled);
  }

  protected offer(cancelled: Error): void {
    if (this.outcome || !this.abort) return;
    if (this.abort(cancelled) === "withdrawn") this.end(failure(cancelled));
  }

  protected end(outcome: Outcome<unknown>): void {
    this.outcome ??= outcome;
    this.#end(this.outcome);
  }
}

function doorTo(Task: new (host: VirtualHost, wait: Wait<unknown>) => WaitingTask): () => Door {
  return () => {
    const host = new VirtualHost();
    return {
      enter: (wait) => {
        const task = new Task(host, wait);
        const ended = new Promise<Outcome<unknown>>((resolve, reject) => {
          // A task that waits for ever is a failure, not a test that hangs.
          host.watch({ stuck: () => ["the task"], deadlock: reject });
          task.ended.then(resolve, reject);
        });
        ended.catch(() => {});
        return { cancel: task.cancel, ended };
      },
      settle: () => new Promise((resolve) => void host.at(host.now() + 1000, resolve)),
    };
  };
}

describe("a door that keeps the laws", () => {
  for (const { title, run } of doorBehaviours(doorTo(OneWait))) test(title, run);
});

const broken: Readonly<Record<string, new (host: VirtualHost, wait: Wait<unknown>) => OneWait>> = {
  "gives the value that the wait ended with": class extends OneWait {
    protected override end(outcome: Outcome<unknown>): void {
      super.end(outcome.ok ? { ok: true, value: undefined } : outcome);
    }
  },
  "throws the error that the wait failed with": class extends OneWait {
    protected override end(outcome: Outcome<unknown>): void {
      super.end(outcome.ok ? outcome : failure(new Error("wrapped", { cause: outcome.error })));
    }
  },
  "takes a wait that ends while it is armed": class extends OneWait {
    protected override arm(): void {
      this.abort = this.wait((outcome) => {
        if (this.abort) this.end(outcome);
      });
    }
  },
  "offers a cancellation once": class extends OneWait {
    override readonly cancel = (): void => {
      this.offer(new Error("cancelled again"));
    };
  },
  "ends a withdrawn wait with the cancellation": class extends OneWait {
    protected override offer(cancelled: Error): void {
      if (this.abort?.(cancelled) === "withdrawn") this.end(failure(new Error("another")));
    }
  },
  "waits for a committed wait, and lets its value win": class extends OneWait {
    protected override offer(cancelled: Error): void {
      this.abort?.(cancelled);
      this.end(failure(cancelled));
    }
  },
  "throws the cancellation that a committed wait ends with": class extends OneWait {
    protected override end(outcome: Outcome<unknown>): void {
      super.end(outcome.ok ? outcome : failure(new Error("another")));
    }
  },
  "never aborts after the wait resumed": class extends OneWait {
    protected override offer(cancelled: Error): void {
      this.abort?.(cancelled);
    }
  },
  "never aborts before it armed": class extends OneWait {
    protected override arm(): void {
      const armed = this.cancelled;
      const abort = this.wait((outcome) => this.end(outcome));
      if (armed) this.end(failure(armed));
      else this.abort = abort;
    }
  },
};

describe("a door that breaks a law", () => {
  test.each(Object.entries(broken))("is found out: %s", async (title, Task) => {
    const behaviour = doorBehaviours(doorTo(Task)).find((each) => each.title === title);
    await expect(behaviour?.run()).rejects.toBeInstanceOf(Error);
  });
});
