import { open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
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

/** A file whose reads give these pieces, one after the other, or throw them. */
function piecesOf(...pieces: (string | Error)[]): FileBytes {
  const read = async (buffer: Uint8Array): Promise<{ bytesRead: number }> => {
    const piece = pieces.shift() ?? "";
    if (piece instanceof Error) throw piece;
    buffer.set(bytes(piece));
    return { bytesRead: bytes(piece).length };
  };
  return new FileBytes({ read } as unknown as FileHandle, true, false);
}

test("the pieces of a long line are joined once, and its end may be cut in two", async () => {
  const file = piecesOf("a".repeat(9), "b".repeat(9), "c\r", "\nnext\r\n", "rest");
  const concat = vi.spyOn(Buffer, "concat");
  onTestFinished(() => concat.mockRestore());
  expect(await file.readLine()).toBe(`${"a".repeat(9)}${"b".repeat(9)}c`);
  expect(concat).toHaveBeenCalledTimes(1);
  expect([await file.readLine(), await file.readLine()]).toEqual(["next", "rest"]);
  expect([await file.readLine(), file.position]).toEqual([undefined, 31]);
});

test("what came of a line before reading failed is not lost", async () => {
  const file = piecesOf("one", " two", new Error("no more"), " three\n");
  await expect(file.readLine()).rejects.toThrow("no more");
  expect(await file.readLine()).toBe("one two three");
});
