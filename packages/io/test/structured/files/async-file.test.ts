import { readFileSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "@trestle/host";
import {
  CancelScope,
  checkpoint,
  ClosedResourceError,
  openNursery,
  run,
  using,
  type Operation,
} from "@trestle/structured";
import { assertCheckpoints, waitAllTasksBlocked } from "@trestle/structured/testing";
import { expect, test } from "vitest";
import { openFile } from "../../../src/structured/files/open-file.js";
import { temporaryFolder } from "./temporary-folder.js";

test("writes and reads text and bytes, and moves about", async () => {
  const file = path.join(temporaryFolder(), "file");
  await run(() =>
    using(openFile(file, { flags: "w+" }), function* (file) {
      yield* assertCheckpoints(() => file.write("one\ntwo\n"));
      yield* file.write(new TextEncoder().encode("three"));
      yield* file.seek(0);
      const lines: string[] = [];
      yield* file.eachLine(function* (line) {
        lines.push(line);
      });
      expect(lines).toEqual(["one", "two", "three"]);
      yield* file.seek(-5);
      expect(file.position).toBe(8);
      expect(yield* file.readText()).toBe("three");
      yield* file.truncate(3);
      yield* file.sync();
      expect((yield* file.stat()).size).toBe(3);
      yield* file.seek(0);
      expect(yield* file.read(2)).toEqual(new Uint8Array([111, 110]));
      expect(yield* file.readAll()).toEqual(new Uint8Array([101]));
      expect(file.fd).toBeGreaterThan(2);
    }),
  );
});

test("records of several tasks are never mixed, and one that has begun is written to its end", async () => {
  const file = path.join(temporaryFolder(), "file");
  const record = (name: string): string => `${name.repeat(200_000)}\n`;
  await run(() =>
    using(openFile(file, { flags: "a" }), function* (file) {
      const scope = new CancelScope();
      yield* openNursery(function* (nursery) {
        for (const name of ["a", "b", "c"]) nursery.startSoon(() => file.write(record(name)));
        nursery.startSoon(() =>
          scope.run(function* () {
            yield* file.write(record("d"));
            yield* checkpoint();
            yield* file.write(record("e"));
          }),
        );
        nursery.startSoon(function* () {
          yield* checkpoint();
          scope.cancel();
        });
      });
    }),
  );
  const written = readFileSync(file, "utf8").split("\n").slice(0, -1);
  expect(written.every((line) => line.length === 200_000 && new Set(line).size === 1)).toBe(true);
  expect(written.map((line) => line[0]).slice(0, 3)).toEqual(["a", "b", "c"]);
});

test("is closed once, behind what is under way, also by a task that is cancelled (FILE-2)", async () => {
  const folder = temporaryFolder();
  await run(function* () {
    const file = yield* openFile(path.join(folder, "file"), { flags: "w+" });
    const scope = new CancelScope();
    scope.cancel();
    yield* openNursery(function* (nursery) {
      nursery.startSoon(() => file.write("x".repeat(100_000)));
      yield* waitAllTasksBlocked();
      expect((yield* scope.run(() => file.aclose())).cancelledCaught).toBe(true);
    });
    yield* assertCheckpoints(() => file.aclose());
    for (const call of [
      () => file.read(),
      () => file.write("x"),
      () => file.seek(0),
      () => file.stat(),
    ]) {
      expect(yield* errorOf(call)).toBeInstanceOf(ClosedResourceError);
    }
    expect(readFileSync(path.join(folder, "file"), "utf8")).toHaveLength(100_000);
  });
});

test("wrong use is told in words", async () => {
  await run(() =>
    using(openFile(import.meta.filename), function* (file) {
      expect(() => file.read(0)).toThrow(ArgumentError);
      expect(() => file.seek(1.5)).toThrow(ArgumentError);
      expect(() => file.write(5 as never)).toThrow(ArgumentError);
      expect(yield* errorOf(() => file.write("x"))).toMatchObject({ code: "EBADF" });
    }),
  );
});

function* errorOf(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    return error;
  }
  return undefined;
}
