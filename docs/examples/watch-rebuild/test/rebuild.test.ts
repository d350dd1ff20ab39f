import {
  CancelScope,
  moveOnAfter,
  openMemoryChannel,
  openNursery,
  run,
  sleep,
  type Operation,
} from "trestle";
import { cancelAtEachCheckpoint, Trace, VirtualHost } from "trestle/testing";
import { expect, test } from "vitest";
import { rebuild, type Runs } from "../src/rebuild.js";

/** How long each run takes, and how long it takes to end when it is cancelled, and how it ends by itself. */
interface Run {
  readonly ms?: number;
  readonly endMs?: number;
  readonly fails?: boolean;
}

interface Play {
  /** What changes, and when. */
  readonly changes?: readonly (readonly [at: number, name: string])[];
  /** The builds, one after another; the last one is repeated. They take 50 ms. */
  readonly builds?: readonly Run[];
  /** The same of what serves; it runs for ever. */
  readonly servers?: readonly Run[];
  readonly until?: number;
}

/** Runs something fake, of which there is one at a time. */
class Fake {
  #runs = 0;
  isRunning = false;
  readonly #name: string;
  readonly #script: readonly Run[];
  readonly #log: (line: string) => void;

  constructor(name: string, script: readonly Run[], log: (line: string) => void) {
    this.#name = name;
    this.#script = script;
    this.#log = log;
  }

  readonly run: Runs = () => this.#run();

  *#run(): ReturnType<Runs> {
    const number = ++this.#runs;
    const { ms = 50, endMs = 0, fails = false } = this.#script[number - 1] ?? this.#script.at(-1)!;
    if (this.isRunning) throw new Error(`${this.#name} runs already`);
    this.isRunning = true;
    try {
      yield* sleep(ms);
      return { isGood: !fails, how: `ended as ${this.#name} ${number}` };
    } finally {
      yield* new CancelScope({ shield: true }).run(() => sleep(endMs));
      this.isRunning = false;
      this.#log(`- end of ${this.#name} ${number}`);
    }
  }
}

/** Plays changes in virtual time, 100 ms of which must be calm, and gives all that happened, and when. */
async function played(play: Play): Promise<string[]> {
  const { changes = [], builds = [{}], servers, until = 1000 } = play;
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const build = new Fake("build", builds, trace.log);
  const server = new Fake("server", servers ?? [{}], trace.log);
  await run(
    () =>
      moveOnAfter(until, () =>
        openNursery(function* (nursery): Operation<void> {
          const [found, all] = openMemoryChannel<string>(Infinity);
          nursery.startSoon(function* (): Operation<void> {
            for (const [at, name] of changes) {
              yield* sleep(at - host.now());
              found.sendNowait(name);
            }
          });
          const serve = servers === undefined ? undefined : server.run;
          yield* rebuild({ changes: all, delay: 100, build: build.run, serve, say: trace.log });
        }),
      ),
    { host },
  );
  expect([build.isRunning, server.isRunning]).toEqual([false, false]);
  return trace.entries.map(([at, what]) => `${at} ${what}`);
}

test("builds at the start, and once for changes that come close together", async () => {
  const changes = [
    [200, "b"],
    [290, "a"],
    [380, "b"],
    [700, "c"],
  ] as const;
  expect(await played({ changes })).toEqual([
    "0 Building.",
    "50 - end of build 1",
    "50 The build is good.",
    "480 Changed: a, b.",
    "480 Building.",
    "530 - end of build 2",
    "530 The build is good.",
    "800 Changed: c.",
    "800 Building.",
    "850 - end of build 3",
    "850 The build is good.",
  ]);
});

test("a change ends the build at once, and the next one begins when that has ended and all is calm", async () => {
  const changes = [
    [20, "a"],
    [60, "b"],
    [300, "c"],
  ] as const;
  const builds = [{ ms: 1000, endMs: 70 }, { ms: 1000 }, {}];
  expect(await played({ changes, builds })).toEqual([
    "0 Building.",
    "90 - end of build 1",
    "90 The build was given up.",
    "190 Changed: a, b.",
    "190 Building.",
    "300 - end of build 2",
    "300 The build was given up.",
    "400 Changed: c.",
    "400 Building.",
    "450 - end of build 3",
    "450 The build is good.",
  ]);
});

test("after a build that has failed it waits for a change", async () => {
  const builds = [{ fails: true }, {}];
  expect(await played({ changes: [[500, "a"]], builds, servers: [{ ms: Infinity }] })).toEqual([
    "0 Building.",
    "50 - end of build 1",
    "50 The build has failed: it ended as build 1.",
    "600 Changed: a.",
    "600 Building.",
    "650 - end of build 2",
    "650 The build is good.",
    "650 Serving.",
    "1000 - end of server 1",
  ]);
});

test("what serves goes on while it builds, and is started anew after each good build", async () => {
  const changes = [
    [200, "a"],
    [500, "b"],
  ] as const;
  const builds = [{}, { fails: true }, {}];
  const servers = [{ ms: Infinity, endMs: 30 }];
  expect(await played({ changes, builds, servers })).toEqual([
    "0 Building.",
    "50 - end of build 1",
    "50 The build is good.",
    "50 Serving.",
    "300 Changed: a.",
    "300 Building.",
    "350 - end of build 2",
    "350 The build has failed: it ended as build 2.",
    "600 Changed: b.",
    "600 Building.",
    "650 - end of build 3",
    "650 The build is good.",
    "680 - end of server 1",
    "680 Serving.",
    "1030 - end of server 2",
  ]);
});

test("what serves and ends by itself stays away until the next good build", async () => {
  const servers = [{ ms: 10 }, { ms: Infinity }];
  expect(await played({ changes: [[200, "a"]], servers })).toEqual([
    "0 Building.",
    "50 - end of build 1",
    "50 The build is good.",
    "50 Serving.",
    "60 - end of server 1",
    "60 What serves has ended: it ended as server 1.",
    "300 Changed: a.",
    "300 Building.",
    "350 - end of build 2",
    "350 The build is good.",
    "350 Serving.",
    "1000 - end of server 2",
  ]);
});

test("builds that follow each other while something still ends are served once", async () => {
  const changes = [
    [100, "a"],
    [260, "b"],
  ] as const;
  const servers = [{ ms: Infinity, endMs: 400 }, { ms: Infinity }];
  expect(await played({ changes, servers })).toEqual([
    "0 Building.",
    "50 - end of build 1",
    "50 The build is good.",
    "50 Serving.",
    "200 Changed: a.",
    "200 Building.",
    "250 - end of build 2",
    "250 The build is good.",
    "360 Changed: b.",
    "360 Building.",
    "410 - end of build 3",
    "410 The build is good.",
    "650 - end of server 1",
    "650 Serving.",
    "1000 - end of server 2",
  ]);
});

test("ends what builds and what serves when it is cancelled", async () => {
  const builds = [{}, { ms: Infinity, endMs: 20 }];
  const servers = [{ ms: Infinity, endMs: 40 }];
  expect(await played({ changes: [[100, "a"]], builds, servers, until: 300 })).toEqual([
    "0 Building.",
    "50 - end of build 1",
    "50 The build is good.",
    "50 Serving.",
    "200 Changed: a.",
    "200 Building.",
    "320 - end of build 2",
    "320 The build was given up.",
    "340 - end of server 1",
  ]);
});

test("names five of many changes", async () => {
  const changes = ["g", "f", "e", "d", "c", "b", "a"].map((name) => [60, name] as const);
  const lines = await played({ changes });
  expect(lines[3]).toBe("160 Changed: a, b, c, d, e and 2 more.");
});

test("a mistake of what builds comes out", async () => {
  const [, changes] = openMemoryChannel<string>(0);
  const build: Runs = function* () {
    throw new RangeError("a mistake");
  };
  const rebuilding = { changes, delay: 1, build, serve: undefined, say: () => {} };
  const error = await run(() => rebuild(rebuilding)).catch((thrown: AggregateError) => thrown);
  expect(String((error as { flatten?(): unknown[] }).flatten?.())).toBe("RangeError: a mistake");
});

test("can be cancelled anywhere, and then nothing runs", async () => {
  const report = await cancelAtEachCheckpoint(function* all(): Operation<void> {
    const build = new Fake("build", [{ ms: 5, endMs: 3 }], () => {});
    const server = new Fake("server", [{ ms: Infinity, endMs: 3 }], () => {});
    const [found, changes] = openMemoryChannel<string>(Infinity);
    try {
      yield* openNursery(function* (nursery): Operation<void> {
        nursery.startSoon(function* (): Operation<void> {
          for (const ms of [2, 30, 2]) {
            yield* sleep(ms);
            found.sendNowait("a");
          }
          yield* sleep(30);
          nursery.cancelScope.cancel();
        });
        const say = (): void => {};
        yield* rebuild({ changes, delay: 10, build: build.run, serve: server.run, say });
      });
    } finally {
      expect([build.isRunning, server.isRunning]).toEqual([false, false]);
    }
  });
  expect(report.checkpoints).toBeGreaterThan(10);
  report.throwIfFound();
});
