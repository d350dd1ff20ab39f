import { expect, test, vi } from "vitest";
import { addLiving, removeLiving } from "../../src/process/living-children.js";

test("tells the children when the process ends, and listens only while there are some", () => {
  const before = process.listeners("exit");
  const ours = (): NodeJS.ExitListener[] =>
    process.listeners("exit").filter((listener) => !before.includes(listener));
  const [first, second] = [
    { processEnds: vi.fn<() => void>() },
    { processEnds: vi.fn<() => void>() },
  ];
  addLiving(first);
  addLiving(second);
  expect(ours()).toHaveLength(1);
  ours()[0]?.call(process, 0);
  removeLiving(first);
  removeLiving(first);
  ours()[0]?.call(process, 0);
  removeLiving(second);
  expect(ours()).toEqual([]);
  expect([first, second].map(({ processEnds }) => processEnds.mock.calls.length)).toEqual([1, 2]);
});
