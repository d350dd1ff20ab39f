import { WrongFlavorError } from "@trestle/host";
import { expect, test } from "vitest";
import { LoopEnds } from "../src/loop-ends.js";

test("calls all that are there, one after another, and tells of those that fail", async () => {
  const ends = new LoopEnds();
  const log: string[] = [];
  ends.add(async () => {
    await Promise.resolve();
    log.push("first");
  });
  ends.add(() => Promise.reject(new Error("stuck")));
  ends.add(async () => void log.push("taken back"))();
  ends.add(async () => void log.push("last"));
  const tell = ({ message, exception }: { message: string; exception?: unknown }): void =>
    void log.push(`${message}: ${String(exception)}`);
  await ends.endAll(tell);
  await ends.endAll(tell);
  expect(log).toEqual([
    "first",
    "What was to end with the event loop failed: Error: stuck",
    "last",
  ]);
});

test("takes nothing that cannot be awaited", () => {
  const ends = new LoopEnds();
  for (const wrong of [undefined, Promise.resolve(), function* () {}])
    expect(() => ends.add(wrong as never)).toThrow(WrongFlavorError);
});
