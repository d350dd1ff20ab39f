import { run } from "@trestle/structured";
import { expect, test } from "vitest";
import { openPipe } from "../../src/structured/open-pipe.js";
import { hasAddon } from "../open-pair.js";

test.skipIf(!hasAddon)("what is sent into one end is received from the other", async () => {
  await run(function* () {
    const [receiver, sender] = openPipe();
    yield* sender.sendAll(new Uint8Array([1, 2, 3]));
    yield* sender.aclose();
    expect(yield* receiver.receiveSome()).toEqual(new Uint8Array([1, 2, 3]));
    expect(yield* receiver.receiveSome()).toEqual(new Uint8Array(0));
    yield* receiver.aclose();
  });
});
