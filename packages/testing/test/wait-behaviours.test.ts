import { failure, success, type Outcome, type Wait } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { VirtualHost } from "../src/virtual-host.js";
import { waitBehaviours, type WaitSubject } from "../src/wait-behaviours.js";

type Resume = (outcome: Outcome<unknown>) => void;

/** A wait of which the test decides what an abort does; `finish` resumes it with a value. */
function subject(
  abort: (resume: Resume, cancelled: unknown) => "withdrawn" | "committed",
  rules = { once: true },
): WaitSubject {
  const host = new VirtualHost();
  let resume: Resume | undefined;
  const end: Resume = (outcome) => {
    const armed = resume;
    if (rules.once) resume = undefined;
    armed?.(outcome);
  };
  const wait: Wait<unknown> = (armed) => {
    resume = armed;
    return (cancelled) => {
      const answer = abort((outcome) => host.soon(() => end(outcome)), cancelled);
      if (answer === "withdrawn" && rules.once) resume = undefined;
      return answer;
    };
  };
  return {
    wait,
    finish: () => end(success("finished")),
    settle: () => new Promise((resolve) => void host.at(host.now() + 1000, resolve)),
  };
}

const good: Readonly<Record<string, () => WaitSubject>> = {
  "a wait that can be withdrawn": () => subject(() => "withdrawn"),
  "a wait that must be waited for": () => subject(() => "committed"),
  "a wait that ends because of the abort": () =>
    subject((resume, cancelled) => {
      resume(failure(cancelled));
      return "committed";
    }),
  "a wait that was too far on": () =>
    subject((resume) => {
      resume(success("nearly done"));
      return "committed";
    }),
  "a wait that comes by itself": () => {
    const host = new VirtualHost();
    return {
      wait: (resume) => {
        const timer = host.at(10, () => resume(success()));
        return () => {
          timer.cancel();
          return "withdrawn";
        };
      },
      settle: () => new Promise((resolve) => void host.at(host.now() + 1000, resolve)),
    };
  },
  "a wait that ends while it is armed": () => ({
    wait: (resume) => {
      resume(success());
      return () => "withdrawn";
    },
    settle: () => Promise.resolve(),
  }),
};

for (const [name, open] of Object.entries(good)) {
  describe(name, () => {
    for (const { title, run } of waitBehaviours(open)) test(title, run);
  });
}

const broken: Readonly<Record<string, () => WaitSubject>> = {
  "resumes once when it ends": () => subject(() => "withdrawn", { once: false }),
  "never resumes after it was withdrawn": () => subject(() => "withdrawn", { once: false }),
  "resumes once after it was committed": () =>
    subject(
      (resume, cancelled) => {
        resume(failure(cancelled));
        return "committed";
      },
      { once: false },
    ),
  "fails with the very object that abort was given": () =>
    subject((resume) => {
      resume(failure(new Error("an error of its own")));
      return "committed";
    }),
  "keeps both laws when it ends at the moment of the abort": () => ({
    ...subject(() => "withdrawn", { once: false }),
    wait: (resume) => () => {
      resume(success());
      return "withdrawn";
    },
  }),
  "gives outcomes": () => ({
    wait: (resume) => {
      resume("a bare value" as never);
      return () => "withdrawn";
    },
    settle: () => Promise.resolve(),
  }),
};

describe("a wait that breaks a law", () => {
  test.each(Object.entries(broken))("is found out: %s", async (title, open) => {
    const behaviour = waitBehaviours(open).find((each) => each.title === title);
    await expect(behaviour?.run()).rejects.toThrow(/^Cannot accept /u);
  });

  test("is found out when an abort gives no answer", async () => {
    const open = (): WaitSubject => ({
      wait: () => () => undefined as never,
      settle: () => Promise.resolve(),
    });
    const behaviour = waitBehaviours(open).find(({ title }) => title.includes("withdrawn"));
    await expect(behaviour?.run()).rejects.toThrow(
      'the answer to an abort: expected "committed" (string), got undefined',
    );
  });
});
