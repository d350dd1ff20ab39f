import { run } from "@trestle/loop";
import { expect, test } from "vitest";
import { openPipe } from "../../src/loop/open-pipe.js";
import { hasAddon } from "../open-pair.js";

test.skipIf(!hasAddon)("what is written to one end is read from the other", async () => {
  await run(async () => {
    const [reader, writer] = openPipe();
    await writer.write(new Uint8Array([1, 2, 3]));
    await writer[Symbol.asyncDispose]();
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader) chunks.push(chunk);
    expect(chunks).toEqual([new Uint8Array([1, 2, 3])]);
    reader.close();
  });
});
