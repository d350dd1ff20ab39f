import { open } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FileBytes } from "../../../src/structured/files/file-bytes.js";
import { temporaryFolder } from "./temporary-folder.js";

const text = (data: Uint8Array): string => new TextDecoder().decode(data);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function openBytes(flags: string, file = path.join(temporaryFolder(), "file")) {
  const handle = await open(file, flags);
  onTestFinished(() => handle.close());
  return new FileBytes(handle, true, flags.includes("a"));
}

test("lines, amounts and the rest follow on each other, whatever was read ahead", async () => {
  const file = await openBytes("w+");
  await file.write(bytes("one\r\ntwo\n\nthree and more"));
  file.seek(0);
  expect(await file.readLine()).toBe("one");
  expect(file.position).toBe(5);
  expect(text(await file.read(2))).toBe("tw");
  expect([await file.readLine(), await file.readLine()]).toEqual(["o", ""]);
  expect(text(await file.readAll())).toBe("three and more");
  expect([await file.readLine(), text(await file.read(1)), file.position]).toEqual([
    undefined,
    "",
    await file.size(),
  ]);
});

test("a write comes where the reading was, not where it had read ahead", async () => {
  const file = await openBytes("w+");
  await file.write(bytes("one\ntwo\n"));
  file.seek(0);
  await file.readLine();
  await file.write(bytes("TWO"));
  file.seek(0);
  expect(text(await file.readAll())).toBe("one\nTWO\n");
});

test("a line may be longer than what is read at once, and the last one has no end", async () => {
  const file = await openBytes("w+");
  const long = "é".repeat(100_000);
  await file.write(bytes(`${long}\nlast`));
  file.seek(0);
  expect([(await file.readLine()) === long, await file.readLine()]).toEqual([true, "last"]);
});

test("appending goes to the end, wherever one had moved", async () => {
  const file = await openBytes("a+");
  await file.write(bytes("one"));
  file.seek(0);
  await file.write(bytes("two"));
  expect(file.position).toBe(6);
  file.seek(0);
  expect(text(await file.readAll())).toBe("onetwo");
});
