import { ArgumentError, type ExceptionGroup } from "@trestle/host";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { moveOnAfter, openNursery, run } from "../../src/index.js";
import { ConnectError, openUnixListener, openUnixStream } from "../../src/net.js";
import { caughtBy } from "../streams/caught-by.js";
import { bytes, textOf } from "../streams/text.js";

test.skipIf(process.platform === "win32")(
  "connects to a Unix socket, and fails with the system's error where there is none",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "trestle-"));
    const path = join(folder, "here.sock");
    await run(() =>
      openNursery(function* () {
        const error = yield* caughtBy(() => openUnixStream(path));
        expect(error).toBeInstanceOf(ConnectError);
        expect((error as Error).message).toContain(`Cannot connect to '${path}': connect ENOENT`);
        expect(((error as Error).cause as ExceptionGroup).errors).toMatchObject([
          { code: "ENOENT" },
        ]);
        const listener = yield* openUnixListener(path);
        const client = yield* openUnixStream(path);
        const server = yield* listener.accept();
        yield* server.sendAll(bytes("hello"));
        yield* server.aclose();
        expect(yield* textOf(client)).toBe("hello");
        yield* client.aclose();
        const { cancelledCaught } = yield* moveOnAfter(0, () => openUnixStream(path));
        expect(cancelledCaught).toBe(true);
        yield* listener.aclose();
      }),
    );
    rmSync(folder, { recursive: true });
  },
);

test("refuses what is no path, at the call", () => {
  expect(() => openUnixStream("")).toThrow(ArgumentError);
  expect(() => openUnixStream("x".repeat(200))).toThrow(ArgumentError);
});
