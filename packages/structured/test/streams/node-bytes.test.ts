import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { NodeBytes } from "../../src/streams/node-bytes.js";
import { NodeWatch } from "../../src/streams/node-watch.js";
import { virtualRun } from "../virtual-run.js";
import { text } from "./text.js";

test("the bytes of a Node stream share no memory with those that come later (ABC-6)", async () => {
  const { run } = virtualRun();
  const readable = new Readable({ read() {} });
  const bytes = new NodeBytes(readable, new NodeWatch(readable));
  readable.push(Buffer.from("xabcx").subarray(1, 4));
  await run(function* () {
    const first = yield* bytes.receiveSome(1);
    const copy = first.slice();
    copy[0] = 0;
    expect(text(first)).toBe("a");
    expect(text(yield* bytes.receiveSome(undefined))).toBe("bc");
  });
});
