// One Redis for the tests of a file, or the reason why there is none.
import { findRedis, RedisServer } from "@trestle-tooling/services/redis";
import { afterAll, beforeAll, test } from "vitest";

const found = findRedis();

/** Tests that need a Redis; without one they are skipped, and their titles say why. */
export const testWithRedis = "missing" in found ? test.skip : test;
export const skipped = "missing" in found ? ` (SKIPPED: ${found.missing})` : "";

/** Starts a Redis before the tests of this file, and stops it behind them. */
export function useRedis(): { readonly server: RedisServer; readonly url: string } {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    if (!("missing" in found)) server = await RedisServer.start();
  });
  afterAll(() => server?.stop());
  return {
    get server() {
      if (server === undefined) throw new Error("There is no Redis before the tests begin.");
      return server;
    },
    get url() {
      return `redis://127.0.0.1:${this.server.port}`;
    },
  };
}
