import { closeSync, openSync } from "node:fs";
import { ArgumentError } from "@trestle/host";
import {
  BrokenResourceError,
  ClosedResourceError,
  CancelScope,
  moveOnAfter,
  openNursery,
  run,
  type Operation,
} from "@trestle/structured";
import { BufferedReceiveStream } from "@trestle/structured/streams";
import {
  checkOneWayStream,
  checkTwoWayStream,
  waitAllTasksBlocked,
} from "@trestle/structured/testing";
import { describe, expect, test } from "vitest";
import { BadDescriptorError } from "../../src/readiness/descriptor-errors.js";
import { FdStream } from "../../src/structured/fd-stream.js";
import { openPipe } from "../../src/structured/open-pipe.js";
import { addon, fill, hasAddon, poke } from "../open-pair.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

function* socketStreams(): Operation<readonly [FdStream, FdStream]> {
  const [near, far] = addon().socketPair() as [number, number];
  return [new FdStream(near), new FdStream(far)];
}

/** The sending one has no room. */
function* cloggedStreams(): Operation<readonly [FdStream, FdStream]> {
  const [near, far] = yield* socketStreams();
  for (const stream of [near, far]) fill(stream.fd);
  return [near, far];
}

describe.skipIf(!hasAddon)("FdStream", () => {
  test("over sockets does all that a stream in two directions must (FDS-2)", async () => {
    await run(() => checkTwoWayStream(socketStreams, cloggedStreams));
  });

  test("over a pipe does all that two ends must", async () => {
    await run(() =>
      checkOneWayStream(
        function* () {
          const [receiver, sender] = openPipe();
          return [sender, receiver] as const;
        },
        function* () {
          const [receiver, sender] = openPipe();
          fill(sender.fd);
          return [sender, receiver] as const;
        },
      ),
    );
  });

  test("sends much in pieces, while the other side receives", async () => {
    const data = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
    await run(function* () {
      const [receiver, sender] = openPipe();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          yield* sender.sendAll(data);
          yield* sender.aclose();
        });
        let received = 0;
        for (;;) {
          const chunk = yield* receiver.receiveSome();
          if (chunk.length === 0) break;
          expect(chunk.every((byte, i) => byte === data[received + i])).toBe(true);
          received += chunk.length;
        }
        expect(received).toBe(data.length);
      });
      yield* receiver.aclose();
    });
  });

  test("gives lines through a BufferedReceiveStream, and what a cancelled read had begun is there for the next", async () => {
    await run(function* () {
      const [receiver, sender] = openPipe();
      const reader = new BufferedReceiveStream(receiver);
      yield* sender.sendAll(bytes("one\ntw"));
      expect(yield* reader.readLine()).toBe("one");
      yield* moveOnAfter(1, () => reader.readLine());
      yield* sender.sendAll(bytes("o\r\nthree"));
      yield* sender.aclose();
      expect([
        yield* reader.readLine(),
        yield* reader.readLine(),
        yield* reader.readLine(),
      ]).toEqual(["two", "three", undefined]);
      yield* reader.aclose();
    });
  });

  test("is closed once, whatever its number is used for afterwards (FDS-4, T251)", async () => {
    await run(function* () {
      const [near, far] = yield* socketStreams();
      const { fd } = near;
      yield* near.aclose();
      const extra: number[] = [];
      while (extra.at(-1) !== fd) extra.push(openSync("/dev/null", "r"));
      yield* near.aclose();
      for (const number of extra) closeSync(number);
      yield* far.aclose();
    });
  });

  test("fails in words when it is closed, broken, or not there (FDS-5)", async () => {
    await run(function* () {
      const [receiver, sender] = openPipe();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(function* () {
          expect(yield* errorOf(() => receiver.receiveSome())).toBeInstanceOf(ClosedResourceError);
        });
        yield* waitAllTasksBlocked();
        yield* receiver.aclose();
      });
      const error = yield* errorOf(() => sender.sendAll(bytes("x")));
      expect(error).toBeInstanceOf(BrokenResourceError);
      expect((error as Error).cause).toMatchObject({ errno: "EPIPE" });
      yield* sender.aclose();
    });
    expect(() => new FdStream(987_654)).toThrow(BadDescriptorError);
    expect(() => new FdStream(-1)).toThrow(ArgumentError);
  });

  test("keeps its number while that is lent, also when it is closed", async () => {
    await run(function* () {
      const [near, far] = yield* socketStreams();
      yield* near.lend(function* (fd) {
        yield* near.aclose();
        expect(addon().isBlocking(fd)).toBe(0);
        expect(yield* errorOf(() => near.receiveSome())).toBeInstanceOf(ClosedResourceError);
        expect(yield* errorOf(() => near.lend(function* () {}))).toBeInstanceOf(
          ClosedResourceError,
        );
      });
      expect(yield* far.receiveSome()).toEqual(new Uint8Array(0));
      yield* far.aclose();
    });
  });

  test("a cancelled receive has taken nothing, and a cancelled close has closed", async () => {
    await run(function* () {
      const [near, far] = yield* socketStreams();
      yield* moveOnAfter(1, () => near.receiveSome());
      poke(far.fd);
      const scope = new CancelScope();
      scope.cancel();
      yield* scope.run(() => near.receiveSome());
      expect(text(yield* near.receiveSome())).toBe("x");
      const other = new CancelScope();
      other.cancel();
      expect((yield* other.run(() => near.aclose())).cancelledCaught).toBe(true);
      expect(yield* far.receiveSome()).toEqual(new Uint8Array(0));
      yield* far.aclose();
    });
  });
});

function* errorOf(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    return error;
  }
  return undefined;
}
