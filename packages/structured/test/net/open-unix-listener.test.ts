import { ArgumentError } from "@trestle/host";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { moveOnAfter, run } from "../../src/index.js";
import { ListenError, openUnixListener, openUnixStream } from "../../src/net.js";
import { checkHalfCloseableStream } from "../../src/testing.js";
import { caughtBy } from "../streams/caught-by.js";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trestle-"));
  path = join(folder, "here.sock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Leaves a socket behind as a process does that was killed. */
function leaveSocketBehind(): void {
  const code = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", code]);
  expect(existsSync(path)).toBe(true);
}

describe.skipIf(process.platform === "win32")("openUnixListener", () => {
  test(
    "gives streams that do what each half-closeable stream must",
    { timeout: 30_000 },
    async () => {
      await run(function* () {
        const listener = yield* openUnixListener(path);
        yield* checkHalfCloseableStream(function* () {
          const client = yield* openUnixStream(path);
          return [client, yield* listener.accept()] as const;
        });
        yield* listener.aclose();
      });
    },
  );

  test("has a path and no port, and so have its streams no addresses", async () => {
    await run(function* () {
      const listener = yield* openUnixListener(path);
      expect([listener.address, listener.port]).toEqual([path, undefined]);
      const client = yield* openUnixStream(path);
      expect([client.localAddress, client.remoteAddress]).toEqual([undefined, undefined]);
      yield* client.aclose();
      yield* listener.aclose();
    });
  });

  test("removes the file when it is closed", async () => {
    await run(function* () {
      const listener = yield* openUnixListener(path, { mode: 0o600 });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      yield* listener.aclose();
    });
    expect(existsSync(path)).toBe(false);
  });

  test("replaces a socket that nobody listens at any more", async () => {
    leaveSocketBehind();
    await run(function* () {
      const listener = yield* openUnixListener(path);
      const client = yield* openUnixStream(path);
      yield* client.aclose();
      yield* listener.aclose();
    });
    expect(existsSync(path)).toBe(false);
  });

  test("leaves a socket alone that somebody listens at", async () => {
    await run(function* () {
      const first = yield* openUnixListener(path);
      const error = yield* caughtBy(() => openUnixListener(path));
      expect(error).toBeInstanceOf(ListenError);
      expect((error as Error).cause).toMatchObject({ code: "EADDRINUSE" });
      const client = yield* openUnixStream(path);
      yield* client.aclose();
      yield* first.aclose();
    });
  });

  test("leaves a file alone that is no socket", async () => {
    writeFileSync(path, "precious");
    await run(function* () {
      expect(yield* caughtBy(() => openUnixListener(path))).toBeInstanceOf(ListenError);
    });
    expect(existsSync(path)).toBe(true);
  });

  test("fails where there is no such folder", async () => {
    await expect(run(() => openUnixListener(join(folder, "none", "s")))).rejects.toThrow(
      "Cannot listen at",
    );
  });

  test("leaves no file behind when it is cancelled", async () => {
    await run(() => moveOnAfter(0, () => openUnixListener(path)));
    expect(existsSync(path)).toBe(false);
  });

  test.each<[string, unknown, object]>([
    ["a path that is too long", "x".repeat(200), {}],
    ["no path", undefined, {}],
    ["a mode that is a text", "s", { mode: "600" }],
    ["a mode out of range", "s", { mode: 0o1000 }],
    ["a backlog of 0", "s", { backlog: 0 }],
  ])("refuses %s, at the call", (_what, at, options) => {
    expect(() => openUnixListener(at as string, options)).toThrow(ArgumentError);
  });
});
