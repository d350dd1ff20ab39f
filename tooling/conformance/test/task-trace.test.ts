import { expect, test } from "vitest";
import { TraceBook } from "../src/task-trace.js";

test("counts time in seconds and keeps each task's lines in order", () => {
  let now = 0;
  const book = new TraceBook(() => now);
  const main = book.main();
  const child = main.child("n1.0");
  child.log("first");
  now = 61_000;
  main.log("main");
  child.log("second");
  expect(book.entries).toEqual({
    main: [[61, "main"]],
    "main/n1.0": [
      [0, "first"],
      [61, "second"],
    ],
  });
});

test("has no key for a task that logged nothing", () => {
  const book = new TraceBook(() => 0);
  book.main().child("spawn");
  expect(book.entries).toEqual({});
});

test("numbers children with the same parent and tag from the second on", () => {
  const main = new TraceBook(() => 0).main();
  const names = [
    main.child("spawn"),
    main.child("spawn"),
    main.child("start"),
    main.child("spawn"),
  ];
  expect(names.map(({ name }) => name)).toEqual([
    "main/spawn",
    "main/spawn#1",
    "main/start",
    "main/spawn#2",
  ]);
});

test("counts the tags of each parent for itself", () => {
  const main = new TraceBook(() => 0).main();
  const [one, two] = [main.child("spawn"), main.child("spawn")];
  expect([one.child("spawn").name, two.child("spawn").name]).toEqual([
    "main/spawn/spawn",
    "main/spawn#1/spawn",
  ]);
});
