import { expect, test } from "vitest";
import { moveOnAfter, openNursery, type Operation } from "../../src/index.js";
import { WebReading } from "../../src/streams/web-reading.js";
import { waitAllTasksBlocked } from "../../src/testing.js";
import { virtualRun } from "../virtual-run.js";

test("a read that was given up is the next one's, so that no two are under way", async () => {
  const { run } = virtualRun();
  const pulls: ReadableStreamDefaultController<string>[] = [];
  const readable = new ReadableStream<string>(
    { pull: (controller) => void pulls.push(controller) },
    { highWaterMark: 0 },
  );
  const reading = new WebReading(readable);
  const next = (): Operation<string> =>
    reading.next(
      () => undefined,
      (found) => found,
      () => "the end",
    );
  await run(() =>
    openNursery(function* (nursery) {
      const givenUp = nursery.startSoon(next);
      yield* waitAllTasksBlocked();
      givenUp.cancel();
      yield* waitAllTasksBlocked();
      yield* moveOnAfter(0, next);
      const receiving = nursery.startSoon(next);
      yield* waitAllTasksBlocked();
      expect(pulls).toHaveLength(1);
      pulls[0]?.enqueue("data");
      expect(yield* receiving.join()).toBe("data");
      pulls[0]?.close();
      expect(yield* next()).toBe("the end");
      yield* reading.aclose();
    }),
  );
});
