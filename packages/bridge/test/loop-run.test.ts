import { LoopRunningError } from "@trestle/loop";
import { checkpoint, fromPromise, run, type Operation } from "@trestle/structured";
import { currentHost } from "@trestle/structured/lowlevel";
import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { LoopBlock } from "../src/loop-block.js";
import { LoopRun } from "../src/loop-run.js";
import { StructuredEventLoop } from "../src/structured-event-loop.js";

interface Stage {
  readonly loop: StructuredEventLoop;
  readonly block: LoopBlock;
  readonly loopRun: LoopRun;
}

/** Runs a body with a loop that is not running yet, and closes it afterwards. */
function onStage(body: (stage: Stage) => Operation<void>): Promise<void> {
  return run(
    function* () {
      const block = new LoopBlock();
      const loop = new StructuredEventLoop(currentHost(), block);
      yield* body({ loop, block, loopRun: new LoopRun(loop, block) });
      yield* fromPromise(loop.close());
    },
    { host: new VirtualHost() },
  );
}

function* rounds(): Operation<void> {
  for (let i = 0; i < 5; i++) yield* checkpoint();
}

test("runs the loop from its start to its end", () =>
  onStage(function* ({ loop, loopRun }) {
    expect(loop.isRunning()).toBe(false);
    loopRun.start();
    expect(loop.isRunning()).toBe(true);
    yield* loopRun.end();
    expect(loop.isRunning()).toBe(false);
  }));

test("lets somebody stop the loop by hand, and does not start it again", () =>
  onStage(function* ({ loop, loopRun }) {
    loopRun.start();
    loop.stop();
    yield* rounds();
    expect(loop.isRunning()).toBe(false);
    yield* loopRun.end();
  }));

test("starts a stopped loop again when it has to keep it up", () =>
  onStage(function* ({ loop, loopRun }) {
    loopRun.start();
    loop.stop();
    yield* rounds();
    loopRun.keepUp();
    expect(loop.isRunning()).toBe(true);
    loop.stop();
    yield* rounds();
    expect(loop.isRunning()).toBe(true);
    yield* loopRun.end();
    expect(loop.isRunning()).toBe(false);
  }));

test("keeps a loop up that was about to stop", () =>
  onStage(function* ({ loop, loopRun }) {
    loopRun.start();
    loop.stop();
    loopRun.keepUp();
    yield* rounds();
    expect(loop.isRunning()).toBe(true);
    yield* loopRun.end();
  }));

test("leaves a closed loop alone", () =>
  onStage(function* ({ loop, block, loopRun }) {
    yield* fromPromise(loop.close());
    loopRun.keepUp();
    yield* rounds();
    yield* loopRun.end();
    expect(block.errors).toEqual([]);
  }));

test("ends the block where the loop cannot run", () =>
  onStage(function* ({ loop, block, loopRun }) {
    loopRun.start();
    loopRun.start();
    yield* rounds();
    expect(block.errors).toEqual([expect.any(LoopRunningError)]);
    yield* loopRun.end();
    expect(loop.isRunning()).toBe(false);
  }));
