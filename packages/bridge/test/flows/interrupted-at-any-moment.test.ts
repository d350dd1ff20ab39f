// Ctrl-C at any moment: the same program, busy in both flavors and across, is interrupted at its first step, at its second, and so
// on, from the opening of the loop to its end. Each time it unwinds both flavors, leaves nothing open, and ends.
import { expect, test } from "vitest";
import { childPrograms } from "../child-program.js";

const run = childPrograms();

/** So many moments of each program are tried. */
const MOMENTS = 30;

// All moments are tried in one process, which takes a real signal each time. What is opened counts up, what is closed counts down.
const PROGRAM = `
  const { asLoop, asStructured, openLoop, runAsync } = bridge;
  const { CancelScope, checkpoint, openNursery, sleep, sleepForever } = structured;

  let steps, moment, open;
  function step() {
    if (++steps === moment) process.kill(process.pid, "SIGINT");
  }
  function* held(body) {
    open++;
    try {
      step();
      yield* body();
    } finally {
      step();
      yield* new CancelScope({ shield: true }).run(() => checkpoint());
      open--;
    }
  }
  async function heldInLoop(body) {
    open++;
    try {
      step();
      await body();
    } finally {
      step();
      // A second cancellation may come here.
      await loop.sleep(0).finally(() => open--);
    }
  }

  const back = asLoop(() => held(function* () { step(); yield* sleep(0); }));
  const across = asStructured(() => heldInLoop(async () => { step(); await back(); }));
  const numbers = asStructured(async function* () {
    open++;
    try {
      for (let i = 0; ; i++) { step(); await loop.sleep(0); yield i; }
    } finally {
      step();
      await loop.sleep(0).finally(() => open--);
    }
  });

  function* busy(hosted) {
    step();
    hosted.createTask(() => heldInLoop(async () => { for (;;) { step(); await loop.sleep(0); } }));
    hosted.createTask(() => heldInLoop(() => asLoop(() => held(sleepForever))()));
    yield* openNursery(function* (nursery) {
      nursery.startSoon(() => held(function* () { for (;;) { step(); yield* checkpoint(); } }));
      nursery.startSoon(() => held(function* () { for (;;) yield* across(); }));
      nursery.startSoon(() => held(() => numbers().each(function* () { step(); yield* sleep(0); })));
      nursery.startSoon(() => held(() => runAsync(() => heldInLoop(() => loop.timeout(5, () => loop.sleep(1e8)).catch(() => {})))));
      yield* bodyOf(nursery);
    });
    step();
  }
  let bodyOf;
  const bodies = {
    *endless() { yield* held(sleepForever); },
    *short(nursery) { for (let i = 0; i < 3; i++) yield* checkpoint(); nursery.cancelScope.cancel(); },
  };

  for (const [name, body] of Object.entries(bodies)) {
    bodyOf = body;
    const ends = new Set();
    for (let i = 0; i < MOMENTS; i++) {
      steps = open = 0;
      moment = 1 + Math.floor(i * STRIDE);
      process.exitCode = undefined;
      const tooLate = () => {};
      await structured.main(() => openLoop(busy)).finally(() => process.on("SIGINT", tooLate));
      // One that was sent in the last steps is delivered now.
      if (steps >= moment) await new Promise((resolve) => setTimeout(resolve, 5));
      process.off("SIGINT", tooLate);
      ends.add((process.exitCode === 130 ? "interrupted" : "ended") + ", left open: " + open);
    }
    console.log(name + ": " + [...ends].sort().join("; "));
  }
  process.exitCode = 0;
`;

test("a program unwinds both flavors and ends, whatever it was at", async () => {
  const program = PROGRAM.replaceAll("MOMENTS", String(MOMENTS)).replaceAll("STRIDE", "1.7");
  expect(await run(program)).toEqual({
    code: 0,
    lines: [
      "endless: interrupted, left open: 0",
      // Some of its moments are behind its end.
      "short: ended, left open: 0; interrupted, left open: 0",
    ],
  });
}, 30_000);
