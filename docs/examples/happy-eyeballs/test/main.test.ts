import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

async function listening(address: string, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(port, address);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

test("connects to the address that answers, when another refuses", async () => {
  const { server, port } = await listening("127.0.0.1");
  const closed = once(server, "connection").then(([socket]) => once(socket.resume(), "close"));
  const ended = await programIn(import.meta.url).run(`127.0.0.2:${port}`, `127.0.0.1:${port}`);
  await closed;
  expect(ended).toMatchObject({ code: 0, stderr: "", left: NOTHING_LEFT });
  expect(ended.stdout.replaceAll(/^ *\d+ ms {2}/gmu, "")).toBe(
    `127.0.0.2:${port}: trying\n127.0.0.2:${port}: failed\n` +
      `127.0.0.1:${port}: trying\n127.0.0.1:${port}: connected\n`,
  );
});

test("says so when no address answers", async () => {
  const { server, port } = await listening("127.0.0.1");
  server.close();
  await once(server, "close");
  const ended = await programIn(import.meta.url).run(`127.0.0.1:${port}`);
  expect(ended).toMatchObject({
    code: 1,
    stderr: "Cannot connect: no address answers.\n",
    left: NOTHING_LEFT,
  });
});

test("tells a wrong call", async () => {
  const ended = await programIn(import.meta.url).run("nowhere");
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain('Cannot connect to "nowhere"');
});
