import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, test } from "vitest";
import { Phase, Word, WORDS } from "../../src/protocol.js";
import { supervise } from "../../src/worker/supervise.js";
import { workerText } from "../../src/worker-text.js";
import { work } from "../built-work.js";
import { sharedWords, until } from "../until.js";

test("starts a thread, and leaves word of its end where one who stands still can find it", async () => {
  const jobs = new MessageChannel();
  const obituaries = new MessageChannel();
  const words = sharedWords(WORDS);
  const inner = { port: jobs.port2, words, initializer: undefined };
  supervise({ inner, text: workerText, obituaries: obituaries.port2 });
  Atomics.store(words, Word.phase, Phase.sent);
  jobs.port1.postMessage({ kind: "job", id: 1, ...work.exit, args: [6] });
  await until(() => Atomics.load(words, Word.exited) === 1);
  expect(Atomics.load(words, Word.exitCode)).toBe(6);
  expect(Atomics.load(words, Word.parentBell)).toBe(1);
  expect(receiveMessageOnPort(obituaries.port1)).toBeUndefined();
  jobs.port1.close();
  obituaries.port1.close();
});

test("tells why, where the platform knows", async () => {
  const jobs = new MessageChannel();
  const obituaries = new MessageChannel();
  const words = sharedWords(WORDS);
  const inner = { port: jobs.port2, words, initializer: undefined };
  supervise({ inner, text: "throw new RangeError('broken')", obituaries: obituaries.port2 });
  await until(() => Atomics.load(words, Word.exited) === 1);
  expect(receiveMessageOnPort(obituaries.port1)?.message).toMatchObject({
    className: "RangeError",
    message: "broken",
  });
  jobs.port1.close();
  obituaries.port1.close();
});

test("tells where the platform makes no thread", () => {
  const jobs = new MessageChannel();
  const obituaries = new MessageChannel();
  const words = sharedWords(WORDS);
  const inner = { port: jobs.port2, words, initializer: undefined };
  // What cannot be copied is refused as a thread would be.
  supervise({
    inner: Object.assign(inner, { odd: () => {} }),
    text: workerText,
    obituaries: obituaries.port2,
  });
  expect(Atomics.load(words, Word.exited)).toBe(1);
  expect(receiveMessageOnPort(obituaries.port1)?.message).toMatchObject({
    className: "DOMException",
    name: "DataCloneError",
  });
  jobs.port1.close();
  obituaries.port1.close();
});
