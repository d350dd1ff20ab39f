// Each thread has a policy, and a current loop, of its own. The workers run the package's build, which Node takes as it is.
import { once } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import {
  DefaultEventLoopPolicy,
  EventLoop,
  getEventLoopPolicy,
  getRunningLoop,
  run,
  setEventLoopPolicy,
} from "../../src/index.js";

afterEach(() => setEventLoopPolicy(undefined));

const build = path.resolve(import.meta.dirname, "../../dist/index.cjs");

/** What a thread says that its loop is, whose policy makes loops of the class "Ours"; without a policy, where none is set. */
async function kindInThread(setsPolicy: boolean): Promise<unknown> {
  const worker = new Worker(
    `
    const { parentPort } = require("node:worker_threads");
    const { DefaultEventLoopPolicy, EventLoop, getRunningLoop, run, setEventLoopPolicy } =
      require(${JSON.stringify(build)});
    class Ours extends EventLoop {}
    class OurPolicy extends DefaultEventLoopPolicy {
      newEventLoop(options) { return new Ours(options); }
    }
    if (${setsPolicy}) setEventLoopPolicy(new OurPolicy());
    run(async () => parentPort.postMessage(getRunningLoop().constructor.name));
    `,
    // Not with the conditions of this process, by which packages are their sources.
    { eval: true, execArgv: [] },
  );
  // A last message and the exit may come at one time.
  const exited = once(worker, "exit");
  const [kind] = (await once(worker, "message")) as [unknown];
  await exited;
  return kind;
}

class Theirs extends EventLoop {}

class TheirPolicy extends DefaultEventLoopPolicy {
  override newEventLoop(): EventLoop {
    return new Theirs();
  }
}

test("another implementation of a loop lives beside, in a thread that has chosen it", async () => {
  const before = getEventLoopPolicy();
  expect(await kindInThread(true)).toBe("Ours");
  expect(getEventLoopPolicy()).toBe(before);
  setEventLoopPolicy(new TheirPolicy());
  expect(await kindInThread(false)).toBe("EventLoop");
  expect(await kindInThread(true)).toBe("Ours");
  expect(await run(async () => getRunningLoop())).toBeInstanceOf(Theirs);
});
