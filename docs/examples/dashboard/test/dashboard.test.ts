import { EventEmitter } from "node:events";
import { openNursery, run, sleep, type Operation } from "@trestle/structured";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { dashboard } from "../src/dashboard.js";
import { Monitor } from "../src/monitor.js";

/** A terminal that keeps what was written, and what was done with it. */
class FakeTerminal {
  readonly log: string[] = [];
  readonly input = Object.assign(new EventEmitter(), {
    setRawMode: (isRaw: boolean) => this.log.push(`raw ${isRaw}`),
    setEncoding: () => {},
    pause: () => this.log.push("pause"),
  });
  readonly output = Object.assign(new EventEmitter(), {
    columns: 80,
    rows: 24,
    write: (text: string) => this.log.push(text.replaceAll("\u001B", "ESC")),
  });
  readonly interrupt = (): void => void this.log.push("interrupt");

  get picture(): string {
    return this.log.findLast((text) => text.includes("address")) ?? "";
  }
}

const GIVEN_BACK = ["ESC[?25hESC[?1049l", "raw false", "pause"];

/** Runs a dashboard in virtual time, and a script beside it. */
async function played(
  script: (terminal: FakeTerminal) => Operation<void>,
): Promise<{ terminal: FakeTerminal; asked: number; now: number }> {
  const host = new VirtualHost();
  const terminal = new FakeTerminal();
  let asked = 0;
  function* ask(): Operation<number> {
    asked++;
    yield* sleep(10);
    return 200;
  }
  await run(
    () =>
      openNursery(function* (nursery): Operation<void> {
        nursery.startSoon(script, terminal);
        const pace = { every: 1000, timeout: 800 };
        yield* dashboard([new Monitor("http://a.test/")], pace, ask, terminal);
        nursery.cancelScope.cancel();
      }),
    { host },
  );
  return { terminal, asked, now: host.now() };
}

test("borrows the terminal, draws each answer, and gives the terminal back for q", async () => {
  const { terminal, asked, now } = await played(function* ({ input }) {
    yield* sleep(2500);
    input.emit("data", "q");
  });
  expect([asked, now]).toEqual([3, 2500]);
  expect(terminal.log.slice(0, 2)).toEqual(["raw true", "ESC[?1049hESC[?25l"]);
  expect(terminal.log.slice(-3)).toEqual(GIVEN_BACK);
  expect(terminal.picture).toContain(
    "http://a.test/  200             10 ms    10 ms    10 ms  ███",
  );
  expect(terminal.input.listenerCount("data") + terminal.output.listenerCount("resize")).toBe(0);
});

test("p stops the asking, and goes on with it", async () => {
  const { asked } = await played(function* (terminal) {
    yield* sleep(1500);
    terminal.input.emit("data", "p");
    yield* sleep(10_000);
    expect(terminal.picture).toContain("paused");
    terminal.input.emit("data", "p");
    yield* sleep(500);
    expect(terminal.picture).not.toContain("paused");
    terminal.input.emit("data", "q");
  });
  expect(asked).toBe(3);
});

test("draws again when the window has another size", async () => {
  const { terminal } = await played(function* ({ input, output }) {
    yield* sleep(500);
    output.columns = 20;
    output.emit("resize");
    yield* sleep(1);
    input.emit("data", "q");
  });
  expect(terminal.picture).toContain("http://a  200ESC[K");
});

test("Ctrl-C is a key, and is passed on", async () => {
  const { terminal } = await played(function* ({ input }) {
    yield* sleep(1);
    input.emit("data", "\u0003");
    yield* sleep(1);
    input.emit("data", "q");
  });
  expect(terminal.log).toContain("interrupt");
});

test("gives the terminal back when it is cancelled", async () => {
  const terminal = new FakeTerminal();
  await run(
    () =>
      openNursery(function* (nursery): Operation<void> {
        nursery.startSoon(function* (): Operation<void> {
          yield* sleep(5);
          nursery.cancelScope.cancel();
        });
        const never = { every: 1000, timeout: 800 };
        yield* dashboard(
          [new Monitor("http://a.test/")],
          never,
          () => sleep(500) as never,
          terminal,
        );
      }),
    { host: new VirtualHost() },
  );
  expect(terminal.log.slice(-3)).toEqual(GIVEN_BACK);
});
