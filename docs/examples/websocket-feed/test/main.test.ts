import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT, type Running } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";

vi.setConfig({ testTimeout: 60_000 });

const CLEAN = { code: 130, stderr: "", left: NOTHING_LEFT };

async function serving(...words: string[]): Promise<{ server: Running; url: string }> {
  const server = programIn(import.meta.url).start("serve", "--port", "0", ...words);
  const [, url] = await server.says(/Serving at (.*)\n/u);
  return { server, url: String(url) };
}

/** A server of the test's own, which does as it likes. */
async function oddServer(onConnection: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", onConnection);
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, "listening");
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a client follows a server, and Ctrl-C closes the socket by agreement", async () => {
  const { server, url } = await serving("--every", "20");
  const client = programIn(import.meta.url).start("follow", url);
  await client.says(/(price \d+\n){3}/u);
  expect(await client.endBy("SIGINT")).toMatchObject(CLEAN);
  await server.says("client 1 closes");
  expect(await server.endBy("SIGINT")).toMatchObject(CLEAN);
});

test("the server's Ctrl-C closes all sockets, by agreement", async () => {
  const { server, url } = await serving("--every", "20");
  const client = new WebSocket(url);
  await once(client, "message");
  const closed = once(client, "close");
  expect(await server.endBy("SIGINT")).toMatchObject(CLEAN);
  expect((await closed)[0]).toBe(1005);
});

test("a server that falls silent is left after the deadline, and connected to again", async () => {
  let count = 0;
  const closed: Promise<unknown>[] = [];
  const url = await oddServer((socket) => {
    closed.push(once(socket, "close"));
    socket.send(`{"price":${++count}}`);
  });
  const client = programIn(import.meta.url).start(
    "follow",
    url,
    "--silence",
    "100",
    "--pause",
    "10",
  );
  await client.says("price 1\nthe server is silent; again in 10 ms\nprice 2\n");
  await closed[0];
  expect(await client.endBy("SIGINT")).toMatchObject(CLEAN);
});

test("a server that does not agree to close is left by force", async () => {
  const url = await oddServer((socket) => {
    // It reads nothing any more, so it never hears of the closing.
    socket.send('{"price":1}', () => socket.pause());
  });
  const client = programIn(import.meta.url).start("follow", url);
  await client.says("price 1");
  expect(await client.endBy("SIGINT")).toMatchObject(CLEAN);
});

test("a client waits longer and longer for a server that is not there", async () => {
  const client = programIn(import.meta.url).start("follow", "ws://127.0.0.1:1", "--pause", "5");
  await client.says(
    /breaks: connect ECONNREFUSED .*; again in 5 ms\n.*again in 10 ms\n.*again in 20 ms\n/u,
  );
  expect(await client.endBy("SIGINT")).toMatchObject(CLEAN);
});

test("a client that shows no sign of life is dropped", async () => {
  const { server, url } = await serving("--every", "20", "--life", "50");
  const client = new WebSocket(url, { autoPong: false });
  client.on("error", () => {});
  onTestFinished(() => client.terminate());
  await server.says("client 1 is silent");
  expect(await server.endBy("SIGINT")).toMatchObject(CLEAN);
});

test.each([
  [[], 'Cannot do "": it is neither "serve" nor "follow URL".'],
  [["follow", "http://x"], 'Cannot do "follow http://x"'],
  [["serve", "--every", "0"], 'Cannot use --every "0": it takes a whole number from 1 to'],
])("%j is told to be wrong", async (words, message) => {
  const ended = await programIn(import.meta.url).run(...words);
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain(message);
});
