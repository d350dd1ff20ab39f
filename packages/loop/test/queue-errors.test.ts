import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { QueueEmpty, QueueFull, QueueShutDown } from "../src/queue-errors.js";

test("say what could not be done, and what to do", () => {
  const errors = [
    new QueueEmpty(),
    new QueueFull(3),
    new QueueShutDown("put"),
    new QueueShutDown("get"),
  ];
  expect(errors.every((error) => error instanceof TrestleError)).toBe(true);
  expect(errors.map(({ name, code, message }) => [name, code, message.split("\n")[0]])).toEqual([
    ["QueueEmpty", "TRESTLE_QUEUE_EMPTY", "Cannot get an item at once: the queue is empty."],
    ["QueueFull", "TRESTLE_QUEUE_FULL", "Cannot put an item at once: the queue is full, it has 3."],
    ["QueueShutDown", "TRESTLE_QUEUE_SHUT_DOWN", "Cannot put an item: the queue was shut down."],
    [
      "QueueShutDown",
      "TRESTLE_QUEUE_SHUT_DOWN",
      "Cannot get an item: the queue was shut down, and nothing is left.",
    ],
  ]);
});
