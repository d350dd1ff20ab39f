import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { programIn } from "@trestle-tooling/programs/program";
import { NOTHING_LEFT, type Running } from "@trestle-tooling/programs/running";
import { expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

async function serving(...words: string[]): Promise<{ server: Running; port: number }> {
  const server = programIn(import.meta.url).start("--port", "0", ...words);
  const [, port] = await server.says(/Listening at 127\.0\.0\.1:(\d+)\n/u);
  return { server, port: Number(port) };
}

/** A member who keeps what is heard. */
class Member {
  heard = "";
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1").setEncoding("utf8");
    this.socket.on("data", (chunk: string) => (this.heard += chunk)).on("error", () => {});
    onTestFinished(() => void this.socket.destroy());
  }

  async hears(line: string): Promise<void> {
    while (!this.heard.includes(`${line}\n`)) await once(this.socket, "data");
  }
}

async function enter(port: number, name: string): Promise<Member> {
  const member = new Member(port);
  await member.hears("What is your name?");
  member.socket.write(`${name}\n`);
  await member.hears(`* ${name} has come`);
  return member;
}

test("members hear each other, and Ctrl-C ends all connections", async () => {
  const { server, port } = await serving();
  const ada = await enter(port, "ada");
  const bob = await enter(port, "bob");
  ada.socket.write("hello\n");
  await bob.hears("ada: hello");
  ada.socket.end();
  await bob.hears("* ada has left");
  const closed = once(bob.socket, "close");
  expect(await server.endBy("SIGINT")).toMatchObject({ code: 130, stderr: "", left: NOTHING_LEFT });
  await closed;
});

test("a member whose connection breaks is gone, and the others stay", async () => {
  const { server, port } = await serving();
  const ada = await enter(port, "ada");
  const bob = await enter(port, "bob");
  ada.socket.resetAndDestroy();
  await bob.hears("* ada has lost the connection");
  bob.socket.write("anybody?\n");
  expect(await server.endBy("SIGTERM")).toMatchObject({
    code: 143,
    stderr: "",
    left: NOTHING_LEFT,
  });
});

test("a member who is silent for too long is thrown out", async () => {
  const { server, port } = await serving("--silence", "50");
  const ada = await enter(port, "ada");
  await once(ada.socket, "close");
  expect(await server.endBy("SIGINT")).toMatchObject({ code: 130, stderr: "", left: NOTHING_LEFT });
});

test("a port that is taken is told", async () => {
  const { port } = await serving();
  const ended = await programIn(import.meta.url).run("--port", String(port));
  expect(ended).toMatchObject({ code: 1, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain(`Cannot listen at '127.0.0.1:${port}'`);
});

test.each([
  [["--port", "70000"], 'Cannot use --port "70000": it takes a whole number up to 65535.\n'],
  [["--poort", "1"], "Unknown option '--poort'"],
])("%j is told to be wrong", async (words, message) => {
  const ended = await programIn(import.meta.url).run(...words);
  expect(ended).toMatchObject({ code: 2, stdout: "", left: NOTHING_LEFT });
  expect(ended.stderr).toContain(message);
});
