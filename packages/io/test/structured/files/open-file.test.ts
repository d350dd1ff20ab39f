import { statSync } from "node:fs";
import path from "node:path";
import { CancelScope, run, type Operation } from "@trestle/structured";
import { expect, test } from "vitest";
import { openFile } from "../../../src/structured/files/open-file.js";
import { temporaryFolder } from "./temporary-folder.js";

test("opens to read unless told otherwise, with the mode that is given", async () => {
  const name = path.join(temporaryFolder(), "file");
  await run(function* () {
    const made = yield* openFile(name, { flags: "wx", mode: 0o600 });
    yield* made.write("text");
    yield* made.aclose();
    expect(statSync(name).mode & 0o777).toBe(0o600);
    const file = yield* openFile(name);
    expect(yield* file.readText()).toBe("text");
    yield* file.aclose();
  });
});

test("what the operating system says comes out as Node's own errors", async () => {
  await run(function* () {
    expect(yield* errorOf(() => openFile("/nowhere/file"))).toMatchObject({ code: "ENOENT" });
    expect(yield* errorOf(() => openFile("/", { flags: "w" }))).toMatchObject({ code: "EISDIR" });
  });
});

test("a cancelled task opens nothing", async () => {
  const name = path.join(temporaryFolder(), "file");
  await run(function* () {
    const scope = new CancelScope();
    scope.cancel();
    yield* scope.run(() => openFile(name, { flags: "w" }));
    expect(() => statSync(name)).toThrow("ENOENT");
  });
});

test("a device without positions is read as it comes", async () => {
  await run(function* () {
    const file = yield* openFile("/dev/zero");
    expect([yield* file.read(2), yield* file.read(1)]).toEqual([
      new Uint8Array(2),
      new Uint8Array(1),
    ]);
    yield* file.aclose();
  });
});

function* errorOf(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    return error;
  }
  return undefined;
}
