import { Redis } from "ioredis";
import { expect } from "vitest";
import { CancelListener } from "../src/cancel-listener.js";
import { ConnectionErrors } from "../src/connection-errors.js";
import { queuePlace } from "../src/queue-options.js";
import { skipped, testWithRedis as test, useRedis } from "./redis-for-tests.js";
import { until } from "./until.js";

const redis = useRedis();

test(`hears what is said on the queue's channel, also after Redis was away${skipped}`, async () => {
  const place = queuePlace({ queue: "q", connection: redis.url, modules: {} }, "listen");
  const heard: unknown[] = [];
  const errors = new ConnectionErrors("q", () => {});
  const listener = new CancelListener(place, errors, (...message) => heard.push(message));
  await listener.ready;
  const publisher = new Redis(redis.url);
  publisher.on("error", () => {});
  const say = (text: string): Promise<number> => publisher.publish("bull:q:trestle:cancel", text);
  await say("no message of ours");
  await say(JSON.stringify({ id: 5 }));
  await say(JSON.stringify({ id: "a", reason: "late" }));
  await until(() => heard.length === 1);
  await redis.server.kill();
  await redis.server.restart();
  // Nobody may be there yet, so it is said again, as submitters do.
  await until(async () => (await say(JSON.stringify({ id: "b" }))) === 1);
  await until(() => heard.length === 2);
  expect(heard).toEqual([
    ["a", "late"],
    ["b", undefined],
  ]);
  errors.closing();
  listener.close();
  publisher.disconnect();
});
