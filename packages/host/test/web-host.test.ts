import { afterEach, expect, test, vi } from "vitest";
import { WebHost } from "../src/web-host.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("hops through messages, not through timers, which browsers slow down", async () => {
  const host = new WebHost();
  vi.stubGlobal("setTimeout", () => {
    throw new Error("a timer was asked for");
  });
  const ran: number[] = [];
  await new Promise<void>((resolve) => {
    for (const index of [1, 2, 3]) host.soon(() => ran.push(index));
    host.soon(resolve);
  });
  expect(ran).toEqual([1, 2, 3]);
});

test("runs the microtasks of a callback before the next", async () => {
  const host = new WebHost();
  const ran: string[] = [];
  await new Promise<void>((resolve) => {
    host.soon(() => {
      ran.push("a");
      void Promise.resolve()
        .then(() => ran.push("microtask"))
        .then(() => ran.push("its microtask"));
    });
    host.soon(() => ran.push("b"));
    host.soon(resolve);
  });
  expect(ran).toEqual(["a", "microtask", "its microtask", "b"]);
});

test("keeps the queues of two hosts apart", async () => {
  const [one, two] = [new WebHost(), new WebHost()];
  const ran: string[] = [];
  one.soon(() => ran.push("one"));
  two.soon(() => ran.push("two"));
  await Promise.all([one, two].map((host) => new Promise<void>((resolve) => host.soon(resolve))));
  expect(ran.toSorted()).toEqual(["one", "two"]);
});

test("runs timers never early, and takes them back", async () => {
  const host = new WebHost();
  const ran: string[] = [];
  const start = host.now();
  host.at(start + 1, () => ran.push("cancelled")).cancel();
  await new Promise<void>((resolve) => void host.at(start + 2, resolve));
  expect(host.now()).toBeGreaterThanOrEqual(start + 2);
  expect(ran).toEqual([]);
});

test("holds nothing alive: a page lives as long as it is open", () => {
  const host = new WebHost();
  const release = host.hold("a download");
  release();
  release();
  expect("watch" in host).toBe(false);
});
