import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

test("prints a line for each answer where there is no terminal, until Ctrl-C", async () => {
  let closed: Promise<unknown> | undefined;
  const server = createServer((request, response) => {
    if (request.url === "/hangs") closed = once(response, "close");
    else response.writeHead(404).end("nothing here");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const refusing = createServer().listen(0, "127.0.0.1");
  await once(refusing, "listening");
  const gone = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/`;
  refusing.close();
  await once(refusing, "close");
  const words = [`${origin}/hangs`, `${origin}/gone`, gone];
  const running = programIn(import.meta.url).start(...words, "--every", "300", "--timeout", "200");
  await running.says(`${origin}/hangs  timeout  `);
  await closed;
  await running.says(`${origin}/gone  404  `);
  await running.says(`${gone}  ECONNREFUSED  `);
  expect(await running.endBy("SIGINT")).toMatchObject({
    code: 130,
    stderr: "",
    left: NOTHING_LEFT,
  });
});

test.each([
  [[], "Cannot watch: no address was named.\n"],
  [["example.org"], 'Cannot watch "example.org": an address begins with http:// or https://.\n'],
  [["http://x", "--every", "0"], 'Cannot use --every "0": it takes milliseconds, 1 or more.\n'],
])("%j is told to be wrong", async (words, message) => {
  const ended = await programIn(import.meta.url).run(...words);
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain(message);
});
