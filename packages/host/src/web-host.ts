// A browser's event loop, or a web worker's, as a Host. A browser has no call that runs after all microtasks but before the
// next task, so each hop is a task of its own, through a MessageChannel: timers of browsers are clamped to 4 ms.
import { TurnHost, type Platform } from "./turn-host.js";

/** A browser's event loop as a Host. Nothing needs to be kept alive there, and nobody is told of a deadlock. */
export class WebHost extends TurnHost {
  constructor() {
    super(webPlatform());
  }
}

function webPlatform(): Platform {
  const callbacks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => callbacks.shift()?.());
  port1.start();
  // Where the port is Node's, it must not keep the process alive by itself.
  (port1 as { unref?: () => void }).unref?.();
  const hop = (callback: () => void): void => {
    callbacks.push(callback);
    port2.postMessage(null);
  };
  return {
    now: () => performance.now(),
    hop,
    afterInput: hop,
    timer: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    keepAlive: () => () => {},
  };
}
