import { MessageChannel, Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Phase, Word, WORDS, type FromThread, type ThreadData } from "../../src/protocol.js";
import { workerText } from "../../src/worker-text.js";
import { work } from "../built-work.js";
import { sharedWords, until } from "../until.js";

test("makes a thread that takes jobs", async () => {
  const { port1, port2 } = new MessageChannel();
  const words = sharedWords(WORDS);
  const heard: FromThread[] = [];
  port1.on("message", (message: FromThread) => heard.push(message));
  const workerData: ThreadData = { port: port2, words, initializer: undefined };
  const worker = new Worker(workerText, { eval: true, workerData, transferList: [port2] });
  Atomics.store(words, Word.phase, Phase.sent);
  port1.postMessage({ kind: "job", id: 1, ...work.add, args: [1, 2] });
  await until(() => heard.length === 2);
  expect(heard).toEqual([{ kind: "ready" }, { kind: "done", id: 1, value: 3 }]);
  await worker.terminate();
});
