// A Redis server in a folder that is deleted afterwards, for those who have none running.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import {
  abortable,
  CancelScope,
  EndOfChannel,
  fromPromise,
  isCancelled,
  openEventChannel,
  waitEvent,
  type EventChannel,
  type Operation,
} from "@trestle/structured";

/** There is no server to talk to; the message says why. */
export class NoRedisError extends Error {
  override readonly name = "NoRedisError";
}

/**
 * Runs a body while a server runs, which is ended afterwards.
 *
 * @param body gets the path of the server's socket
 * @throws NoRedisError where `redis-server` is not on the path, or does not start
 */
export function* temporaryRedis<T>(body: (socket: string) => Operation<T>): Operation<T> {
  const folder = yield* abortable(() => mkdtemp(path.join(tmpdir(), "redis-queue-")));
  const socket = path.join(folder, "redis.sock");
  try {
    return yield* serving(
      ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder],
      () => body(socket),
    );
  } finally {
    yield* new CancelScope({ shield: true }).run(() =>
      fromPromise(rm(folder, { recursive: true, force: true })),
    );
  }
}

function* serving<T>(words: readonly string[], body: () => Operation<T>): Operation<T> {
  // In a group of its own, so that a Ctrl-C is ours alone, and it ends after those who use it.
  const server = spawn("redis-server", words, {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  try {
    try {
      yield* waitEvent(server, "spawn");
    } catch (error) {
      if (isCancelled(error)) throw error;
      throw new NoRedisError(
        "Cannot start Redis: there is no redis-server on the path.\nInstall it, or name a server by --redis.",
      );
    }
    yield* untilReady(createInterface(server.stdout));
    return yield* body();
  } finally {
    yield* new CancelScope({ shield: true }).run(function* (): Operation<void> {
      if (server.kill()) yield* waitEvent(server, "exit");
    });
  }
}

/** Waits until the server says so. @throws NoRedisError with what it said, where it ends before */
function untilReady(lines: Interface): Operation<void> {
  const wait = function* (channel: EventChannel<[line: string]>): Operation<void> {
    const said: string[] = [];
    try {
      for (let line = ""; !/ready to accept connections/iu.test(line); said.push(line)) {
        [line] = yield* channel.receive();
      }
    } catch (error) {
      if (!(error instanceof EndOfChannel)) throw error;
      throw new NoRedisError(`Cannot start Redis. It said:\n${said.join("\n")}`);
    }
  };
  return openEventChannel(lines, "line", wait, { endOn: ["close"] });
}
