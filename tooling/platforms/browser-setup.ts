// Loaded before each file of tests in the browser. The tests were written on Node, and what they take of it to look at a
// result has its counterpart here. It is nothing that the packages live on: without `nextTick` they still see a browser.
import { beforeEach } from "vitest";
import { testsForNode } from "./tests-for-node.js";

type Listener = (reason: unknown) => void;

const page = globalThis as unknown as EventTarget;
const watching = new Map<Listener, (event: Event) => void>();

Object.assign(globalThis, {
  // Later than all that is ready now, as Node's is.
  setImmediate: (callback: () => void) => void setTimeout(callback),
  process: {
    env: {},
    emitWarning: () => {},
    on(event: string, listener: Listener): void {
      if (event !== "unhandledRejection") return;
      const watch = (rejection: Event): void =>
        listener((rejection as Event & { readonly reason: unknown }).reason);
      watching.set(listener, watch);
      page.addEventListener("unhandledrejection", watch);
    },
    off(_event: string, listener: Listener): void {
      const watch = watching.get(listener);
      if (watch !== undefined) page.removeEventListener("unhandledrejection", watch);
    },
  },
});

beforeEach(({ task, skip }) => {
  const [, file = ""] = /(packages\/.+)$/u.exec(task.file.filepath) ?? [];
  for (const [title, needed] of Object.entries(testsForNode[file] ?? {})) {
    if (task.name.startsWith(title)) skip(`needs ${needed}`);
  }
});
