import { expect } from "vitest";
import { CancelListener } from "../src/cancel-listener.js";
import { ConnectionErrors } from "../src/connection-errors.js";
import { queuePlace } from "../src/queue-options.js";
import { RedisCommands } from "../src/redis-commands.js";
import { skipped, testWithRedis as test, useRedis } from "./redis-for-tests.js";
import { until } from "./until.js";

const redis = useRedis();

test(`tells the time of Redis, and the workers of its own queue what to cancel${skipped}`, async () => {
  const errors = new ConnectionErrors("q", () => {});
  const { port } = redis.server;
  const place = (queue: string): ReturnType<typeof queuePlace> =>
    queuePlace({ queue, connection: { host: "127.0.0.1", port }, modules: {} }, "open");
  const heard: string[] = [];
  const listeners = ["q", "other"].map(
    (queue) => new CancelListener(place(queue), errors, (id) => heard.push(`${queue}: ${id}`)),
  );
  await Promise.all(listeners.map(({ ready }) => ready));
  const commands = new RedisCommands(place("q"), errors);
  const before = await commands.time();
  commands.tell({ id: "a" });
  await until(() => heard.length === 1);
  expect(heard).toEqual(["q: a"]);
  expect(await commands.time()).toBeGreaterThanOrEqual(before);
  expect(Number.isInteger(before)).toBe(true);
  errors.closing();
  commands.close();
  for (const listener of listeners) listener.close();
});
