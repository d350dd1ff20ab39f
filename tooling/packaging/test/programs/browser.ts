// A program of a user's, for browsers.
import { platformHost } from "@trestle/host";
import { moveOnAfter, openMemoryChannel, openNursery, run, sleep } from "@trestle/structured";
import { eachChunk, fromReadableStream } from "@trestle/structured/streams";
import { VirtualHost } from "@trestle/testing";

let tasks = 0;
let items = 0;
const host = new VirtualHost();
await run(
  () =>
    openNursery(function* (nursery) {
      for (const ms of [10, 20, 3_600_000]) {
        nursery.startSoon(function* () {
          yield* sleep(ms);
          tasks += 1;
        });
      }
    }),
  { host },
);
const stream = new Blob(["one", "two"]).stream();
const { cancelledCaught } = await run(() =>
  moveOnAfter(50, function* () {
    const [send, receive] = openMemoryChannel<number>(2);
    send.sendNowait(1);
    send.sendNowait(2);
    while ((yield* receive.receive()) < 2) items += 1;
    items += 1;
    yield* eachChunk(fromReadableStream(stream), function* () {});
    yield* sleep(60_000);
  }),
);
const { document } = globalThis as unknown as {
  readonly document: { querySelector(selector: string): { textContent: string } };
};
const clock = platformHost().now() > 0 ? "" : "; the clock stands still";
document.querySelector("#out").textContent =
  `${tasks} tasks; ${items} items; cancelled: ${cancelledCaught}${clock}`;
