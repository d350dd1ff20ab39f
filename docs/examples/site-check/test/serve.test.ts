import { createConnection } from "node:net";
import { once } from "node:events";
import {
  abortable,
  Event,
  fromPromise,
  moveOnAfter,
  openNursery,
  run,
  sleepForever,
  type Operation,
} from "@trestle/structured";
import { expect, test } from "vitest";
import { serve, type Handler } from "../src/serve.js";

const hello: Handler = function* (request, response) {
  response.end(`hello ${request.url}`);
};

/** Answers never, and tells when it has begun and how it ended. */
function patient(begun: Event, log: string[]): Handler {
  return function* (): Operation<void> {
    begun.set();
    try {
      yield* sleepForever();
    } catch (error) {
      log.push((error as Error).message);
      throw error;
    }
  };
}

function get(url: string): Operation<string> {
  return abortable(async (signal) => (await fetch(url, { signal })).text());
}

async function isOpen(origin: string): Promise<boolean> {
  const socket = createConnection(Number(new URL(origin).port), "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test("serves while its body runs, and gives the body's value", async () => {
  let origin = "";
  const text = await run(() =>
    serve(hello, function* (address) {
      origin = address;
      return yield* get(`${origin}/x`);
    }),
  );
  expect(text).toBe("hello /x");
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await isOpen(origin)).toBe(false);
});

test("ends the handlers that are at work when its body ends", async () => {
  const log: string[] = [];
  const begun = new Event();
  await run(() =>
    serve(patient(begun, log), (origin) =>
      openNursery(function* (nursery) {
        nursery.startSoon(get, origin);
        yield* begun.wait();
        nursery.cancelScope.cancel();
      }),
    ),
  );
  expect(log).toHaveLength(1);
});

test("ends a handler whose client has gone, and no other", async () => {
  const log: string[] = [];
  const begun = new Event();
  const patientHandler = patient(begun, log);
  const handler: Handler = (request, response) =>
    request.url === "/patient" ? patientHandler(request, response) : hello(request, response);
  const text = await run(() =>
    serve(handler, function* (origin) {
      yield* openNursery(function* (nursery) {
        nursery.startSoon(get, `${origin}/patient`);
        yield* begun.wait();
        nursery.cancelScope.cancel();
      });
      const answer = yield* get(`${origin}/x`);
      while (log.length === 0) yield* get(origin);
      return answer;
    }),
  );
  expect(text).toBe("hello /x");
  expect(log).toEqual([expect.stringContaining("the client has gone")]);
});

test("answers 500 where a handler fails, and goes on", async () => {
  let time = 0;
  const handler: Handler = function* (request, response) {
    if (++time === 1) throw new Error("not today");
    yield* hello(request, response);
  };
  const answers = await run(() =>
    serve(handler, function* (origin) {
      const first = yield* fromPromise(fetch(origin));
      return [first.status, yield* fromPromise(first.text()), yield* get(origin)];
    }),
  );
  expect(answers).toEqual([500, "Error: not today\n", "hello /"]);
});

test("is closed, connections and all, when it is cancelled", async () => {
  let origin = "";
  const { cancelledCaught } = await run(() =>
    moveOnAfter(20, () =>
      serve(hello, function* (address) {
        origin = address;
        // A connection that is kept alive would keep a server from closing for seconds.
        yield* get(origin);
        yield* sleepForever();
      }),
    ),
  );
  expect(cancelledCaught).toBe(true);
  expect(await isOpen(origin)).toBe(false);
});

test("is closed when its body fails", async () => {
  let origin = "";
  const failing = run(() =>
    serve(hello, function* (address): Operation<never> {
      origin = address;
      throw new Error("no");
    }),
  );
  await expect(failing).rejects.toMatchObject({ errors: [{ message: "no" }] });
  expect(await isOpen(origin)).toBe(false);
});
