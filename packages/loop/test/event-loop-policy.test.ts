import { ArgumentError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { afterEach, expect, test } from "vitest";
import {
  DefaultEventLoopPolicy,
  getEventLoopPolicy,
  setEventLoopPolicy,
} from "../src/event-loop-policy.js";
import { EventLoop } from "../src/event-loop.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { run } from "../src/run.js";

afterEach(() => setEventLoopPolicy(undefined));

class Quiet extends EventLoop {}

class QuietPolicy extends DefaultEventLoopPolicy {
  readonly made: EventLoop[] = [];

  override newEventLoop(): EventLoop {
    const loop = new Quiet({ host: new VirtualHost() });
    this.made.push(loop);
    return loop;
  }
}

test("the default makes event loops, and gives only a loop that was set", async () => {
  const policy = new DefaultEventLoopPolicy();
  expect(() => policy.getEventLoop()).toThrow(NoLoopError);
  const host = new VirtualHost();
  const loop = policy.newEventLoop({ host });
  expect(loop.host).toBe(host);
  policy.setEventLoop(loop);
  expect(policy.getEventLoop()).toBe(loop);
  policy.setEventLoop(undefined);
  expect(() => policy.getEventLoop()).toThrow("Cannot get the event loop");
  expect(() => new DefaultEventLoopPolicy().getEventLoop()).toThrow(NoLoopError);
  await loop.close();
});

test("the policy that is set makes the loops of run, unless there is a factory", async () => {
  const policy = new QuietPolicy();
  setEventLoopPolicy(policy);
  expect(getEventLoopPolicy()).toBe(policy);
  await run(async () => {});
  expect(policy.made).toHaveLength(1);
  await run(async () => {}, { loopFactory: () => new EventLoop({ host: new VirtualHost() }) });
  expect(policy.made).toHaveLength(1);
  setEventLoopPolicy(undefined);
  expect(getEventLoopPolicy()).toBeInstanceOf(DefaultEventLoopPolicy);
  expect(getEventLoopPolicy()).toBe(getEventLoopPolicy());
});

test("refuses what is no policy", () => {
  expect(() => setEventLoopPolicy({} as never)).toThrow(ArgumentError);
  expect(() => setEventLoopPolicy(null as never)).toThrow(ArgumentError);
});
