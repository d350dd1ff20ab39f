import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { Phase, Word, WORDS, type FromThread, type ToThread } from "../../src/protocol.js";
import { ThreadSide } from "../../src/worker/thread-side.js";
import { work } from "../built-work.js";
import { sharedWords, until } from "../until.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** A thread's side in this very thread, and what it says. */
async function startSide(initializer?: { module: string; name: string; args: unknown[] }) {
  const { port1, port2 } = new MessageChannel();
  const words = sharedWords(WORDS);
  const heard: FromThread[] = [];
  port1.on("message", (message: FromThread) => heard.push(message));
  const known = process.listeners("uncaughtException");
  const side = new ThreadSide({ port: port2, words, initializer });
  await side.start();
  cleanups.push(() => {
    port1.close();
    const added = process.listeners("uncaughtException").filter((one) => !known.includes(one));
    for (const one of added) process.off("uncaughtException", one);
  });
  const send = (message: ToThread): void => {
    if (message.kind === "job") Atomics.store(words, Word.phase, Phase.sent);
    port1.postMessage(message);
  };
  return { heard, words, send, port1 };
}

test("takes jobs once it is ready, and tells what they return or throw", async () => {
  const { heard, send } = await startSide();
  send({ kind: "job", id: 1, ...work.add, args: [1, 2] });
  await until(() => heard.length === 2);
  send({ kind: "job", id: 2, ...work.fail, args: ["type"] });
  await until(() => heard.length === 3);
  expect(heard.slice(0, 2)).toEqual([{ kind: "ready" }, { kind: "done", id: 1, value: 3 }]);
  expect(heard[2]).toMatchObject({ kind: "failed", id: 2, isCancelled: false, isStray: false });
});

test("skips a job that was taken back", async () => {
  const { heard, words, port1 } = await startSide();
  Atomics.store(words, Word.phase, Phase.takenBack);
  port1.postMessage({ kind: "job", id: 1, ...work.add, args: [1, 2] } satisfies ToThread);
  await until(() => heard.length === 2);
  expect(heard[1]).toEqual({ kind: "skipped", id: 1 });
});

test("does not begin a job that was cancelled while its module was imported", async () => {
  const { heard, words, send } = await startSide();
  Atomics.store(words, Word.cancelled, 1);
  send({ kind: "job", id: 1, ...work.add, args: [1, 2] });
  await until(() => heard.length === 2);
  expect(heard[1]).toMatchObject({ kind: "failed", id: 1, isCancelled: true });
});

test("runs the initializer first, and says where that fails", async () => {
  const fine = await startSide({ ...work.initialize, args: ["good day"] });
  await until(() => fine.heard.length === 1);
  expect(fine.heard).toEqual([{ kind: "ready" }]);
  const broken = await startSide({ ...work.initialize, args: ["fail"] });
  await until(() => broken.heard.length === 1);
  expect(broken.heard[0]).toMatchObject({ kind: "broken", error: { className: "RangeError" } });
});

test("passes answers and cancellations on to the job", async () => {
  const { heard, words, send } = await startSide();
  send({ kind: "job", id: 1, ...work.callBackLater, args: ["ask"] });
  await until(() => heard.length === 2);
  send({ kind: "answer", call: 0, value: 5 });
  await until(() => heard.length === 3);
  expect(heard[2]).toEqual({ kind: "done", id: 1, value: 5 });
  send({ kind: "job", id: 2, ...work.callBackLater, args: ["ask"] });
  await until(() => heard.length === 4);
  Atomics.store(words, Word.cancelled, 1);
  send({ kind: "cancel", id: 2, reason: "enough" });
  send({ kind: "cancel", id: 7, reason: "of another" });
  await until(() => heard.length === 5);
  expect(heard[4]).toMatchObject({ kind: "failed", id: 2, isCancelled: true });
});
