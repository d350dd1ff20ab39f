import { ArgumentError, describe, failure, success } from "@trestle/host";
import { createServer, type ListenOptions } from "node:net";
import { requireTask } from "../ambient.js";
import type { Operation } from "../operation.js";
import { suspend } from "../suspend.js";
import { SocketListener } from "./socket-listener.js";

const LONGEST_BACKLOG = 65_535;

/** How many connections wait for a listener. */
export interface BacklogOptions {
  /** How many connections may wait in the system to be taken; as many as it lets, unless given. */
  readonly backlog?: number;
}

/** The backlog for the system. @throws ArgumentError for what is no number of connections */
export function backlogOf({ backlog = LONGEST_BACKLOG }: BacklogOptions): number {
  if (backlog === Infinity || (Number.isInteger(backlog) && backlog > 0))
    return Math.min(backlog, LONGEST_BACKLOG);
  throw new ArgumentError(
    `Cannot listen with a backlog of ${describe(backlog)}: a whole number, 1 or more, is wanted.`,
  );
}

/**
 * Makes a listener at one address. A cancellation comes out when nothing listens any more; it throws the platform's error.
 *
 * @param options an IP address and a port, or a path; a name would be looked up again
 * @param what the address, for reports
 */
export function listen(options: ListenOptions, what: string): Operation<SocketListener> {
  const waited = `listening at ${what}`;
  return suspend<SocketListener>((resume) => {
    const { host } = requireTask(`wait for ${waited}`).runner;
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    let cancelled: { readonly by: unknown } | undefined;
    const failed = (error: unknown): void => {
      release();
      resume(failure(cancelled === undefined ? error : cancelled.by));
    };
    server.once("error", failed);
    server.once("listening", () => {
      server.off("error", failed);
      release();
      if (cancelled === undefined) {
        resume(success(new SocketListener(server)));
      } else {
        server.close();
        resume(failure(cancelled.by));
      }
    });
    server.listen(options);
    const release = host.hold(waited);
    return (reason) => {
      // Closing now would not keep Node from listening a moment later.
      cancelled = { by: reason };
      return "committed";
    };
  }, waited);
}
