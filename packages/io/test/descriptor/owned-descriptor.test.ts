import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { OwnedDescriptor } from "../../src/descriptor/owned-descriptor.js";
import { BadDescriptorError } from "../../src/readiness/descriptor-errors.js";
import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
} from "../../src/resource-errors.js";
import { addon, fill, hasAddon, openPipe } from "../open-pair.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const bytes = new TextEncoder().encode("hello");

test.skipIf(!hasAddon)("reads and writes without waiting", () => {
  const [reading, writing] = openPipe();
  const [reader, writer] = [new OwnedDescriptor(reading), new OwnedDescriptor({ fd: writing })];
  expect(reader.read()).toBe(undefined);
  expect(writer.write(bytes)).toBe(5);
  expect([reader.read(2), reader.read()]).toEqual([bytes.slice(0, 2), bytes.slice(2)]);
  fill(writing);
  expect(writer.write(bytes)).toBe(0);
  writer.close();
  while (reader.read()?.length !== 0);
  expect(reader.read()).toEqual(new Uint8Array(0));
  reader.close();
});

test.skipIf(!hasAddon)("is one reader's and one writer's at a time", () => {
  const [reading] = openPipe();
  const descriptor = new OwnedDescriptor(reading);
  descriptor.begin("reading");
  expect(() => descriptor.begin("reading")).toThrow(BusyResourceError);
  descriptor.begin("writing");
  descriptor.end("reading");
  descriptor.begin("reading");
  descriptor.close();
  for (const call of [
    () => descriptor.begin("writing"),
    () => descriptor.read(),
    () => descriptor.write(bytes),
    () => descriptor.lend(),
    () => descriptor.whenReady("reading"),
  ]) {
    expect(call).toThrow(ClosedResourceError);
  }
});

test.skipIf(!hasAddon)("is closed when the last one who was lent the number gives it back", () => {
  const [reading] = openPipe();
  const descriptor = new OwnedDescriptor(reading);
  const [first, second] = [descriptor.lend(), descriptor.lend()];
  first();
  first();
  descriptor.close();
  descriptor.close();
  expect(descriptor.isClosed).toBe(true);
  expect(addon().isBlocking(reading)).toBe(0);
  second();
  expect(addon().isBlocking(reading)).toBe(-9);
});

test.skipIf(!hasAddon || process.platform !== "linux")(
  "blocks again when it is closed, as it did before (FDS-1)",
  () => {
    const [reading] = openPipe();
    // A child that was given the number has the same open file, with the same flags.
    const child = spawn("sleep", ["60"], { stdio: [reading, "ignore", "ignore"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const isChildBlocked = (): boolean =>
      (Number.parseInt(
        /flags:\s+(\d+)/u.exec(readFileSync(`/proc/${child.pid}/fdinfo/0`, "utf8"))?.[1] ?? "",
        8,
      ) &
        0o4000) ===
      0;
    const descriptor = new OwnedDescriptor(reading);
    expect(isChildBlocked()).toBe(false);
    descriptor.close();
    expect(isChildBlocked()).toBe(true);
  },
);

test.skipIf(!hasAddon)("says what is wrong", () => {
  expect(() => new OwnedDescriptor(987_654)).toThrow(BadDescriptorError);
  const folder = new OwnedDescriptor(openSync(import.meta.dirname, "r"));
  expect(() => folder.read()).toThrow(BrokenResourceError);
  folder.close();
});

test.skipIf(!hasAddon)(
  "is closed by the garbage collector when it is forgotten (FDS-6)",
  async () => {
    const [reading, writing] = addon().pipe() as [number, number];
    (() => void new OwnedDescriptor(writing))();
    for (let i = 0; i < 20 && addon().isBlocking(writing) >= 0; i++) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(addon().isBlocking(writing)).toBe(-9);
    expect(addon().read(reading, new Uint8Array(1))).toBe(0);
    closeSync(reading);
  },
);
