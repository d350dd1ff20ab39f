import { getRunningLoop } from "@trestle/loop";
import { BytePipe } from "../byte-pipe.js";
import { socketEvents } from "../socket-events.js";
import { timedOnDescriptors } from "../in-loop.js";
import type { Row } from "../row.js";

let pipe: BytePipe | undefined;

/** A byte is written, and read when the platform tells of it, one after another. */
export const fdEventRow: Row = {
  name: "fd-event",
  title: "an event of a descriptor, and the byte that it tells of",
  unit: "ns",
  per: "event",
  count: "calibrated",
  step: 10,
  notes: ["A socket of Node reads by itself; the others are told, and read."],
  contenders: [
    {
      library: "Trestle",
      code: "loop.addReader(fd, read)",
      measure: (count) => timedOnDescriptors(() => readerEvents(count)),
    },
    { library: "native", code: "net.Socket, 'data'", measure: socketEvents },
  ],
};

async function readerEvents(count: number): Promise<void> {
  const through = (pipe ??= new BytePipe());
  const loop = getRunningLoop();
  await new Promise<void>((resolve) => {
    let left = count;
    loop.addReader(through.reading, () => {
      through.take();
      left--;
      if (left > 0) through.poke();
      else resolve();
    });
    through.poke();
  });
  loop.removeReader(through.reading);
}
