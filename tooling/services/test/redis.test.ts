import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { findRedis } from "../find-redis.js";
import { RedisServer } from "../redis.js";

const found = findRedis();
const why = "missing" in found ? ` (SKIPPED: ${found.missing})` : "";

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(`${command}\r\n`);
  const [answer] = (await once(socket, "data")) as [string];
  socket.destroy();
  return answer.trim();
}

test.skipIf("missing" in found)(`has what it accepted when it was killed${why}`, async () => {
  await using server = await RedisServer.start();
  expect(await ask(server.port, "SET name trestle")).toBe("+OK");
  await server.kill();
  await expect(ask(server.port, "PING")).rejects.toThrow("ECONNREFUSED");
  await server.restart();
  expect(await ask(server.port, "GET name")).toMatch(/trestle$/u);
});

test("takes the program that the environment names", () => {
  expect(findRedis({ TRESTLE_REDIS: "/opt/redis" })).toEqual({ binary: "/opt/redis" });
});
