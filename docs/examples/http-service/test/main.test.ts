import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT, type Running } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Offers } from "../src/offers.js";

vi.setConfig({ testTimeout: 60_000 });

async function service(...words: string[]): Promise<{ service: Running; address: string }> {
  const running = programIn(import.meta.url).start("--port", "0", ...words);
  const [, address] = await running.says(/Try (.*)\n/u);
  return { service: running, address: String(address) };
}

async function shop(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CLEAN = { code: 130, stderr: "", left: NOTHING_LEFT };

test("gives the offers that came before the deadline, and aborts the other requests", async () => {
  const { service: running, address } = await service("--deadline", "3000");
  const response = await fetch(address);
  const { offers, without } = (await response.json()) as Offers;
  expect(offers.map(({ price }) => price)).toEqual([10, 12]);
  expect(without.map(({ why }) => why)).toEqual(["no answer within 3000 ms"]);
  // The shop itself has seen it.
  await running.says(`A client of ${without[0]?.shop.slice(7)} has gone without an answer.`);
  expect(await running.endBy("SIGINT")).toMatchObject(CLEAN);
});

/** A shop that never answers, and tells when it was asked, and when the asking connection has closed. */
async function silentShop(): Promise<{
  address: string;
  asked: Promise<unknown>;
  closed: () => Promise<unknown> | undefined;
}> {
  let closed: Promise<unknown> | undefined;
  const events = new EventEmitter();
  const asked = once(events, "asked");
  const address = await shop((_request, response) => {
    closed = once(response, "close");
    events.emit("asked");
  });
  return { address, asked, closed: () => closed };
}

test("aborts all requests when the client goes away", async () => {
  const { address: silent, asked, closed } = await silentShop();
  const { service: running, address } = await service("--deadline", "60000", silent);
  const controller = new AbortController();
  const answer = fetch(address, { signal: controller.signal });
  await asked;
  controller.abort();
  await expect(answer).rejects.toThrow("aborted");
  await closed();
  expect(await running.endBy("SIGINT")).toMatchObject(CLEAN);
});

test("Ctrl-C ends comparisons that are under way", async () => {
  const { address: silent, asked, closed } = await silentShop();
  const { service: running, address } = await service("--deadline", "60000", silent);
  const answer = fetch(address).catch((error: unknown) => error);
  await asked;
  expect(await running.endBy("SIGINT")).toMatchObject(CLEAN);
  await closed();
  expect(await answer).toBeInstanceOf(TypeError);
});

test("tells why a shop has no price", async () => {
  const busy = await shop((_request, response) => response.writeHead(503).end());
  const odd = await shop((_request, response) => response.end('{"price":"cheap"}'));
  const { service: running, address } = await service(busy, odd, "http://127.0.0.1:1/");
  const { without } = (await (await fetch(address)).json()) as Offers;
  expect(without.map(({ why }) => why)).toEqual([
    "status 503",
    "an answer without a price",
    "ECONNREFUSED",
  ]);
  expect(await running.endBy("SIGTERM")).toMatchObject({ ...CLEAN, code: 143 });
});

test.each([
  [["ftp://shop"], 'Cannot ask "ftp://shop": a shop\'s address begins with http:// or https://.\n'],
  [
    ["--deadline", "soon"],
    'Cannot use --deadline "soon": it takes a whole number up to 2147483648.\n',
  ],
])("%j is told to be wrong", async (words, message) => {
  const ended = await programIn(import.meta.url).run(...words);
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain(message);
});
