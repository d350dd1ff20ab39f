// A client that nobody here wrote, on real time: nothing is timed, each step is set off by the one before.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { currentTask, sleep } from "@trestle/loop";
import { CancelScope, Event, isCancelled, openNursery } from "@trestle/structured";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asLoop, asStructured, run } from "../../src/index.js";

let server: Server;
let url: string;
/** Called for each request to a page that never answers, and when its client has gone. */
let hanging: { came: () => void; left: () => void };

beforeEach(async () => {
  hanging = { came: () => {}, left: () => {} };
  server = createServer((request, response) => {
    if (request.url !== "/hang") {
      response.end(`page ${request.url}`);
      return;
    }
    response.on("close", () => hanging.left());
    hanging.came();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const load = asStructured(async (page: string): Promise<string> => {
  const response = await fetch(page, { signal: currentTask()?.signal ?? null });
  return response.text();
});

describe("fetch, called from structured code", () => {
  test("gives pages side by side", async () => {
    const pages: string[] = [];
    await run(() =>
      openNursery(function* (nursery) {
        for (const path of ["/a", "/b", "/c"]) {
          nursery.startSoon(function* () {
            pages.push(yield* load(url + path));
          });
        }
      }),
    );
    expect(pages.toSorted()).toEqual(["page /a", "page /b", "page /c"]);
  });

  test("is aborted through the task's signal when its scope is cancelled, and the server sees it", async () => {
    const gone = new Promise<void>((resolve) => {
      hanging.left = resolve;
    });
    const ended = await run(function* () {
      const scope = new CancelScope();
      hanging.came = () => scope.cancel("the page hangs");
      const result = yield* scope.run(() => load(`${url}/hang`));
      return result.cancelledCaught;
    });
    expect(ended).toBe(true);
    await gone;
  });

  test("is aborted from the middle of a sandwich", async () => {
    const gone = new Promise<void>((resolve) => {
      hanging.left = resolve;
    });
    const layers: string[] = [];
    const inner = asLoop(function* () {
      try {
        return yield* load(`${url}/hang`);
      } catch (error) {
        layers.push(isCancelled(error) ? "Cancelled" : String(error));
        throw error;
      }
    });
    const outer = asStructured(async () => {
      try {
        return await inner();
      } catch (error) {
        layers.push((error as Error).name);
        throw error;
      }
    });
    await run(function* () {
      const came = new Event();
      hanging.came = () => came.set();
      yield* openNursery(function* (nursery) {
        nursery.startSoon(outer);
        yield* came.wait();
        nursery.cancelScope.cancel();
      });
    });
    expect(layers).toEqual(["Cancelled", "CancelledError"]);
    await gone;
  });

  test("that did not take the signal is waited for, and a task that ends without an await is cancelled as in asyncio", async () => {
    const texts: string[] = [];
    const caught = await run(function* () {
      const scope = new CancelScope();
      const deaf = asStructured(async () => {
        const response = await fetch(`${url}/deaf`);
        scope.cancel();
        texts.push(await response.text());
      });
      const result = yield* scope.run(() => deaf());
      return result.cancelledCaught;
    });
    expect(texts).toEqual(["page /deaf"]);
    expect(caught).toBe(true);
  });

  test("that did not take the signal is over at the next Future that is awaited", async () => {
    const reached: string[] = [];
    await run(function* () {
      const scope = new CancelScope();
      const deaf = asStructured(async () => {
        const response = await fetch(`${url}/deaf`);
        scope.cancel();
        reached.push(await response.text());
        await sleep(60_000);
        reached.push("slept");
      });
      const result = yield* scope.run(() => deaf());
      expect(result.cancelledCaught).toBe(true);
    });
    expect(reached).toEqual(["page /deaf"]);
  });
});
