import { once } from "node:events";
import {
  Agent,
  createServer,
  request as ask,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT, type Running } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

async function portOf(
  server: Pick<Server, "listen" | "address" | "close" | "once">,
): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server as Server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function origin(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => server.closeAllConnections());
  return `http://127.0.0.1:${await portOf(server)}`;
}

async function proxy(...words: string[]): Promise<{ proxy: Running; port: number }> {
  const running = programIn(import.meta.url).start("--port", "0", ...words);
  const [, port] = await running.says(/Listening at 127\.0\.0\.1:(\d+)\n/u);
  return { proxy: running, port: Number(port) };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Asks for an address through the proxy. */
async function get(port: number, url: string, options: { body?: string } = {}): Promise<Answer> {
  const answer = await begin(port, url, options);
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

async function begin(
  port: number,
  url: string,
  { body }: { body?: string } = {},
): Promise<IncomingMessage> {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const method = body === undefined ? "GET" : "POST";
  const client = ask({ port, host: "127.0.0.1", path: url, method, agent });
  client.end(body);
  const [answer] = (await once(client, "response")) as [IncomingMessage];
  return answer;
}

/** Waits for a line of the proxy, then ends it. */
async function ended(running: Running, line: RegExp = /./u): Promise<void> {
  await running.says(line);
  const { code, stderr, left } = await running.endBy("SIGINT");
  expect({ code, stderr, left }).toEqual({ code: 130, stderr: "", left: NOTHING_LEFT });
}

test("passes a request and its answer on, without what is for one connection", async () => {
  const url = await origin((request, response) => {
    void text(request).then((body) => {
      response.setHeader(
        "x-seen",
        JSON.stringify(request.headers["proxy-connection"] ?? "nothing"),
      );
      response.end(`${request.method} ${request.url} ${body}`);
    });
  });
  const { proxy: running, port } = await proxy();
  expect(await get(port, `${url}/a?b`, { body: "hello" })).toMatchObject({
    status: 200,
    body: "POST /a?b hello",
    headers: { "x-seen": '"nothing"' },
  });
  await ended(running, /^POST http.*\/a\?b: 200, 15 bytes, \d+ ms$/mu);
});

test("answers 504 where the server does not answer in time, and closes its connection", async () => {
  let closed: Promise<unknown> | undefined;
  const url = await origin((_request, response) => void (closed = once(response, "close")));
  const { proxy: running, port } = await proxy("--answer", "100");
  expect(await get(port, url)).toMatchObject({ status: 504, body: "the server is too slow\n" });
  await closed;
  await ended(running, /^GET http.*: 504, the server is too slow, \d+ ms$/mu);
});

test("breaks an answer off that stands still", async () => {
  const url = await origin((_request, response) => void response.write("hello"));
  const { proxy: running, port } = await proxy("--idle", "100");
  const answer = await begin(port, url);
  await expect(text(answer)).rejects.toThrow("aborted");
  await ended(running, /^GET http.*: 504, the server is too slow, \d+ ms$/mu);
});

test("gives the request up when the client goes away", async () => {
  let closed: Promise<unknown> | undefined;
  const url = await origin((_request, response) => {
    closed = once(response, "close");
    response.write("hello");
  });
  const { proxy: running, port } = await proxy();
  const answer = await begin(port, url);
  await once(answer, "data");
  answer.destroy();
  await closed;
  await ended(running, /^GET http.*: the client has gone, \d+ ms$/mu);
});

test("answers 502 where the server refuses, and 400 for what it does not do", async () => {
  const server = createTcpServer();
  const gone = await portOf(server as unknown as Server);
  server.close();
  const { proxy: running, port } = await proxy();
  expect(await get(port, `http://127.0.0.1:${gone}/`)).toMatchObject({ status: 502 });
  expect(await get(port, "ftp://127.0.0.1/")).toMatchObject({ status: 400 });
  expect(await get(port, "/path")).toMatchObject({ status: 400 });
  await ended(running);
});

/** Asks for a tunnel; what comes is read from the socket. */
async function tunnel(
  port: number,
  target: string,
  allowHalfOpen = false,
): Promise<{ socket: Socket; head: string }> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen });
  onTestFinished(() => void socket.destroy());
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [Buffer];
  return { socket, head: head.toString() };
}

test("tunnels both ways, until both sides have ended", async () => {
  const echo = createTcpServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket));
  const target = `127.0.0.1:${await portOf(echo as unknown as Server)}`;
  const { proxy: running, port } = await proxy();
  const { socket, head } = await tunnel(port, target, true);
  expect(head).toBe("HTTP/1.1 200 Connection established\r\n\r\n");
  socket.end("hello");
  expect(await text(socket)).toBe("hello");
  await ended(running, /^CONNECT .*: tunnel, 10 bytes, \d+ ms$/mu);
});

test("closes a tunnel in which nothing moves", async () => {
  const silent = createTcpServer();
  const target = `127.0.0.1:${await portOf(silent as unknown as Server)}`;
  const { proxy: running, port } = await proxy("--idle", "100");
  const { socket } = await tunnel(port, target);
  socket.resume();
  await once(socket, "close");
  await ended(running, /^CONNECT .*: tunnel, the server is too slow, \d+ ms$/mu);
});

test("Ctrl-C breaks off all that is under way", async () => {
  const silent = createTcpServer();
  const target = `127.0.0.1:${await portOf(silent as unknown as Server)}`;
  const url = await origin((_request, response) => void response.write("hello"));
  const { proxy: running, port } = await proxy();
  const { socket } = await tunnel(port, target);
  const answer = await begin(port, url);
  await once(answer, "data");
  const closed = once(socket.resume(), "close");
  answer.on("error", () => {});
  await ended(running);
  await closed;
});
