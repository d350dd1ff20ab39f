import { expect, test } from "vitest";
import { CancelledError } from "../../src/cancelled-error.js";
import { getRunningLoop } from "../../src/current.js";
import { openConnection } from "../../src/streams/open-connection.js";
import type { ConnectionHandler } from "../../src/streams/serve-connection.js";
import { withServer } from "./stream-pair.js";

/** Runs a handler once, until its connection is closed, and gives what was reported. */
async function reportsOf(handler: ConnectionHandler): Promise<string[]> {
  const reports: string[] = [];
  await withServer(handler, async (port) => {
    getRunningLoop().setExceptionHandler((_loop, { exception }) => reports.push(String(exception)));
    const [reader, writer] = await openConnection("127.0.0.1", port);
    await reader.read().catch(() => {});
    writer.close();
    await writer.waitClosed().catch(() => {});
  });
  return reports;
}

for (const [title, handler, reports] of [
  ["that ends", async () => {}, []],
  ["that fails", () => Promise.reject(new Error("a defect")), ["Error: a defect"]],
  ["that ends with a cancellation", () => Promise.reject(new CancelledError()), []],
  [
    "that throws at once",
    () => {
      throw new Error("a defect");
    },
    ["Error: a defect"],
  ],
] as const) {
  test(`the connection of a handler ${title} is closed`, async () => {
    expect(await reportsOf(handler)).toEqual(reports);
  });
}

test("a generator function is refused by name, in the report", async () => {
  const [report] = await reportsOf(() => (function* () {})());
  expect(report).toContain("asLoop");
});
