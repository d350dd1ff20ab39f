import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { writeDirectlyTo } from "../../src/worker/direct-output.js";

test("what is written to a stream is in the file at once", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "trestle-output-"));
  const file = path.join(folder, "output");
  const descriptor = openSync(file, "w");
  try {
    const stream = new Writable({ write: () => expect.unreachable() });
    writeDirectlyTo(stream, descriptor);
    stream.write("text ");
    expect(readFileSync(file, "utf8")).toBe("text ");
    stream.write(Buffer.from("bytes"));
    expect(readFileSync(file, "utf8")).toBe("text bytes");
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
});

test("what cannot be written is the stream's error", async () => {
  const stream = new Writable();
  writeDirectlyTo(stream, 1_000_000);
  const failed = new Promise((resolve) => stream.on("error", resolve));
  stream.write("text");
  expect(await failed).toMatchObject({ code: "EBADF" });
});
