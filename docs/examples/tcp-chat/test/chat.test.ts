import { run, openNursery, sleep, type Operation } from "@trestle/structured";
import { BufferedReceiveStream } from "@trestle/structured/streams";
import { memoryStreamPair } from "@trestle/structured/testing";
import { Trace, VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { chat } from "../src/chat.js";
import { Room } from "../src/room.js";

const LIMITS = { silence: 1000, send: 100, backlog: 3, length: 20 };

/** Somebody who comes in, says lines at times, and hears the rest. */
type Script = readonly (readonly [at: number, line: string])[];

/** Plays members against one room, in virtual time, and gives what each heard and when. */
async function play(members: Readonly<Record<string, Script>>): Promise<string[]> {
  const host = new VirtualHost();
  const trace = new Trace(() => host.now());
  const room = new Room();

  function* member(name: string, script: Script): Operation<void> {
    const [mine, theirs] = memoryStreamPair();
    yield* openNursery(function* (nursery): Operation<void> {
      nursery.startSoon(function* (): Operation<void> {
        yield* chat(theirs, room, LIMITS);
        trace.log(`${name}'s connection has ended`);
        yield* theirs.aclose();
      });
      nursery.startSoon(function* (): Operation<void> {
        for (const [at, line] of script) {
          yield* sleep(at - host.now());
          yield* mine.sendAll(new TextEncoder().encode(line));
        }
      });
      yield* new BufferedReceiveStream(mine).eachLine(function* (line) {
        trace.log(`${name} hears "${line}"`);
      });
      nursery.cancelScope.cancel();
    });
  }

  const main = (): Operation<void> =>
    openNursery(function* (nursery): Operation<void> {
      for (const [name, script] of Object.entries(members)) nursery.startSoon(member, name, script);
    });
  await run(main, { host });
  return trace.entries.map(([at, what]) => `${at} ${what}`);
}

test("tells each line to the others, and who comes and goes", async () => {
  const heard = await play({
    a: [
      [0, "ada\n"],
      [20, "hello\r\n"],
    ],
    b: [
      [10, "bob\n"],
      [30, "hi\u001B[2J\n"],
    ],
  });
  expect(heard).toEqual([
    '0 a hears "What is your name?"',
    '0 b hears "What is your name?"',
    '0 a hears "* ada has come"',
    '10 a hears "* bob has come"',
    '10 b hears "* bob has come"',
    '20 b hears "ada: hello"',
    '30 a hears "bob: hi[2J"',
    "1020 a's connection has ended",
    '1020 b hears "* ada was too slow"',
    "1030 b's connection has ended",
  ]);
});

test("asks for a name until there is one that nobody has", async () => {
  const heard = await play({
    a: [[0, "ada\n"]],
    b: [
      [1, " \nada\n"],
      [5, "bob\n"],
    ],
  });
  expect(heard.filter((line) => line.includes("b hears"))).toEqual([
    '0 b hears "What is your name?"',
    '1 b hears "A name, please."',
    '1 b hears "There is a ada here. Another name?"',
    '5 b hears "* bob has come"',
    '1000 b hears "* ada was too slow"',
  ]);
});

test("closes the connection of somebody who says no name in time", async () => {
  expect(await play({ a: [] })).toEqual([
    '0 a hears "What is your name?"',
    "1000 a's connection has ended",
  ]);
});

test("throws out who says too much at once", async () => {
  const heard = await play({
    a: [
      [0, "ada\n"],
      [5, "x".repeat(50)],
    ],
    b: [[1, "bob\n"]],
  });
  expect(heard).toContain('5 b hears "* ada said too much at once"');
});
