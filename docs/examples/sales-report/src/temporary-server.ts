// A PostgreSQL server in a folder that is deleted afterwards, for those who have none at hand.
import { execFile, spawn } from "node:child_process";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { promisify } from "node:util";
import {
  abortable,
  CancelScope,
  EndOfChannel,
  fromPromise,
  openEventChannel,
  waitEvent,
  type EventChannel,
  type Operation,
} from "@trestle/structured";
import { copyPrograms } from "./programs.js";

/** PostgreSQL does not run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Runs a body while a server runs, which is ended afterwards.
 *
 * @param body gets the folder of the server's socket; user and database are called `postgres`
 */
export function* temporaryServer<T>(body: (folder: string) => Operation<T>): Operation<T> {
  const folder = yield* abortable(() => mkdtemp(path.join(tmpdir(), "sales-report-")));
  try {
    if (NOBODY.uid !== undefined) yield* abortable(() => chown(folder, NOBODY.uid, NOBODY.gid));
    yield* abortable(() => copyPrograms(folder));
    const program = (name: string): string => path.join(folder, "native/bin", name);
    const data = path.join(folder, "data");
    const words = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"];
    yield* abortable((signal) => run(program("initdb"), words, { signal, ...NOBODY }));
    // It listens at a socket in the folder, and nowhere else.
    return yield* serving(program("postgres"), ["-D", data, "-k", folder, "-h", "", "-F"], () =>
      body(folder),
    );
  } finally {
    yield* new CancelScope({ shield: true }).run(() =>
      fromPromise(rm(folder, { recursive: true, force: true })),
    );
  }
}

const run = promisify(execFile);

function* serving<T>(
  program: string,
  words: readonly string[],
  body: () => Operation<T>,
): Operation<T> {
  const server = spawn(program, words, {
    stdio: ["ignore", "ignore", "pipe"],
    // In a group of its own, so that a Ctrl-C is ours alone, and it ends after those who use it.
    detached: true,
    ...NOBODY,
  });
  try {
    yield* waitEvent(server, "spawn");
    yield* untilReady(createInterface(server.stderr));
    return yield* body();
  } finally {
    yield* new CancelScope({ shield: true }).run(function* (): Operation<void> {
      // PostgreSQL's own way to say: end at once, but in order.
      if (server.kill("SIGINT")) yield* waitEvent(server, "exit");
    });
  }
}

/** Waits until the server says so. @throws Error with what it said, where it ends before */
function untilReady(lines: Interface): Operation<void> {
  const wait = function* (channel: EventChannel<[line: string]>): Operation<void> {
    const said: string[] = [];
    try {
      for (let line = ""; !line.includes("ready to accept connections"); said.push(line)) {
        [line] = yield* channel.receive();
      }
    } catch (error) {
      if (!(error instanceof EndOfChannel)) throw error;
      throw new Error(`Cannot start PostgreSQL. It said:\n${said.join("\n")}`, { cause: error });
    }
  };
  return openEventChannel(lines, "line", wait, { endOn: ["close"] });
}
