import { waitReadable } from "@trestle/io/structured";
import { run, type Operation } from "@trestle/structured";
import { BytePipe } from "../byte-pipe.js";
import type { Row } from "../row.js";
import { socketEvents } from "../socket-events.js";
import { timed } from "../stopwatch.js";

let pipe: BytePipe | undefined;

/** A byte is written and waited for, one after another. */
export const fdWaitRow: Row = {
  name: "fd-wait",
  title: "wait for a descriptor, and read the byte that came",
  unit: "ns",
  per: "wait",
  count: "calibrated",
  step: 10,
  contenders: [
    {
      library: "Trestle",
      code: "yield* waitReadable(fd)",
      measure: (count) => timed(() => run(() => waits(count))),
    },
    { library: "native", code: "net.Socket, 'data'", measure: socketEvents },
  ],
};

function* waits(count: number): Operation<void> {
  const through = (pipe ??= new BytePipe());
  for (let i = 0; i < count; i++) {
    through.poke();
    yield* waitReadable(through.reading);
    through.take();
  }
}
