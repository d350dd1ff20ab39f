import { Socket } from "node:net";
import { BytePipe } from "./byte-pipe.js";
import { timed } from "./stopwatch.js";

let kept: { readonly pipe: BytePipe; readonly socket: Socket } | undefined;

/** Times so many bytes that are written one after another, each when a socket of Node has told of the one before. */
export function socketEvents(count: number): Promise<number> {
  const { pipe, socket } = (kept ??= open());
  return timed(
    () =>
      new Promise<void>((resolve) => {
        let left = count;
        const onData = (): void => {
          left--;
          if (left > 0) {
            pipe.poke();
            return;
          }
          socket.off("data", onData);
          socket.unref();
          resolve();
        };
        socket.ref();
        socket.on("data", onData);
        pipe.poke();
      }),
  );
}

function open(): { pipe: BytePipe; socket: Socket } {
  const pipe = new BytePipe();
  return { pipe, socket: new Socket({ fd: pipe.reading, writable: false }) };
}
