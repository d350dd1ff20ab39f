// A Redis server for tests: on loopback, with a folder of its own, gone when the process that started it is.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { findRedis } from "./find-redis.js";

/** @import { ChildProcess } from "node:child_process" */

export { findRedis } from "./find-redis.js";

/** A server that runs until it is stopped. */
export class RedisServer {
  /** @type {number} */
  port;
  /** @type {string} */
  #binary;
  /** @type {string} */
  #folder = mkdtempSync(path.join(tmpdir(), "redis-for-tests-"));
  /** @type {ChildProcess | undefined} */
  #child;
  #endWithUs = () => void this.#child?.kill("SIGKILL");

  /**
   * Starts a server on a free port; it writes each command to disk before it answers, so that one
   * which was killed has all that it accepted.
   *
   * @returns {Promise<RedisServer>}
   * @throws Error where there is none: ask `findRedis` first
   */
  static async start() {
    const found = findRedis();
    if ("missing" in found) throw new Error(`Cannot start Redis: ${found.missing}.`);
    const server = new RedisServer(found.binary, await freePort());
    await server.restart();
    return server;
  }

  /**
   * @param {string} binary
   * @param {number} port
   */
  constructor(binary, port) {
    this.#binary = binary;
    this.port = port;
    process.on("exit", this.#endWithUs);
  }

  /** Starts it again, on the same port, with what was written to disk. */
  async restart() {
    if (this.#child !== undefined) throw new Error("Cannot restart Redis: it runs.");
    const options = {
      bind: "127.0.0.1",
      port: String(this.port),
      dir: this.#folder,
      save: "",
      appendonly: "yes",
      appendfsync: "always",
    };
    const child = spawn(
      this.#binary,
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      // Debian's binary is several programs; its own name says which.
      { argv0: "redis-server", stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#child = child;
    let said = "";
    child.stdout.setEncoding("utf8");
    await new Promise((resolve, reject) => {
      child.stdout.on("data", (/** @type {string} */ text) => {
        said += text;
        if (said.includes("Ready to accept connections")) resolve(undefined);
      });
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`Redis ended before it was ready:\n${said}`)));
    });
    // What it writes later has to go somewhere.
    child.stdout.removeAllListeners("data").resume();
  }

  /** Kills it as a power failure would; `restart` brings it back. */
  async kill() {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Ends it for good. */
  async stop() {
    await this.kill();
    process.off("exit", this.#endWithUs);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port.");
  return address.port;
}
