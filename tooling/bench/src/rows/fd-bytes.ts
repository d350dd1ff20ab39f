import { Socket } from "node:net";
import { openPipe } from "@trestle/io/loop";
import { getRunningLoop } from "@trestle/loop";
import { collectAllGarbage } from "../collect-garbage.js";
import { timedOnDescriptors } from "../in-loop.js";
import type { Row } from "../row.js";

const pipes: ReturnType<typeof openPipe>[] = [];

/** How much memory JavaScript has more, after a collection, while descriptors are watched. */
export const fdBytesRow: Row = {
  name: "fd-bytes",
  title: "what a watched descriptor keeps in memory",
  unit: "bytes",
  per: "descriptor",
  count: 400,
  mostRounds: 3,
  notes: ["The kernel's own memory is not counted."],
  contenders: [
    { library: "Trestle", code: "loop.addReader(fd, read)", measure: readerBytes },
    { library: "native", code: "net.Socket, 'data'", measure: socketBytes },
  ],
};

async function readerBytes(count: number): Promise<number> {
  let bytes = 0;
  const descriptors = readingEnds(count);
  await timedOnDescriptors(async () => {
    const loop = getRunningLoop();
    const before = memoryUsed();
    for (const fd of descriptors) loop.addReader(fd, ignore);
    bytes = memoryUsed() - before;
    for (const fd of descriptors) loop.removeReader(fd);
  });
  return bytes;
}

async function socketBytes(count: number): Promise<number> {
  const descriptors = readingEnds(count);
  const before = memoryUsed();
  const sockets = descriptors.map((fd) => new Socket({ fd, writable: false }).on("data", ignore));
  const bytes = memoryUsed() - before;
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  return bytes;
}

/** Pipes of their own for each sample, as a socket closes the end that it has. Those that were not closed are kept. */
function readingEnds(count: number): number[] {
  const opened = Array.from({ length: count }, () => openPipe());
  pipes.push(...opened);
  return opened.map(([reader]) => reader.fd);
}

function ignore(): void {}

function memoryUsed(): number {
  collectAllGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
