import { EventEmitter, once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

/** A server whose answers the test writes; `closed` settles when the first one has been closed by the other side. */
async function server(
  answer: (response: ServerResponse) => void,
): Promise<{ url: string; closed: Promise<unknown> }> {
  const events = new EventEmitter();
  const closed = once(events, "closed");
  const server = createServer((_request, response) => {
    response.once("close", () => events.emit("closed"));
    response.writeHead(200, { "content-type": "text/event-stream" });
    answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed };
}

test("reads to the end, and closes the connection, which the server would keep", async () => {
  const { url, closed } = await server((response) => {
    response.write("data: one\n\ndata: two\n\nevent: end\ndata: -\n\ndata: three\n\n");
  });
  const ended = await programIn(import.meta.url).run(url, "--silence", "30000");
  await closed;
  expect(ended).toEqual({
    code: 0,
    signal: null,
    stdout: "one\ntwo\n",
    stderr: "",
    left: NOTHING_LEFT,
  });
});

test("a stream that falls silent is closed after the deadline", async () => {
  const { url, closed } = await server((response) => void response.write("data: one\n\n"));
  const ended = await programIn(import.meta.url).run(url, "--silence", "5000");
  await closed;
  expect(ended).toMatchObject({ code: 1, left: NOTHING_LEFT });
  expect(ended.stderr).toMatch(/^Cannot finish .* 5000 ms/u);
});

test("a stream that does not end is closed at the last deadline", async () => {
  const { url, closed } = await server((response) => {
    const timer = setInterval(() => response.write("data: again\n\n"), 20);
    response.once("close", () => clearInterval(timer));
  });
  const words = [url, "--silence", "30000", "--deadline", "5000"];
  const ended = await programIn(import.meta.url).run(...words);
  await closed;
  expect(ended).toMatchObject({ code: 1, left: NOTHING_LEFT });
  expect(ended.stderr).toMatch(/5000 ms/u);
});

test("Ctrl-C closes the connection while nothing comes", async () => {
  const { url, closed } = await server((response) => void response.write("data: one\n\n"));
  const running = programIn(import.meta.url).start(url, "--silence", "30000");
  await running.says("one");
  expect(await running.endBy("SIGINT")).toMatchObject({
    code: 130,
    stderr: "",
    left: NOTHING_LEFT,
  });
  await closed;
});

test("without an address it reads from a server of its own, which stops in the middle", async () => {
  const ended = await programIn(import.meta.url).run("--silence", "5000");
  expect(ended).toMatchObject({ code: 1, left: NOTHING_LEFT });
  expect(ended.stdout).toMatch(/^Whoever\nwaits\n/u);
  expect(ended.stdout.endsWith("The server's reader has gone.\n")).toBe(true);
});

test("a wrong call is told", async () => {
  const ended = await programIn(import.meta.url).run("example.org");
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain('Cannot read from "example.org": one http:// address is wanted.');
});
