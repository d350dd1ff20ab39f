import { afterEach, expect, test, vi } from "vitest";
import { platformHost } from "../src/platform-host.js";

const place = Symbol.for("trestle.process-wide:@trestle/host");
const registry = globalThis as unknown as Record<symbol, unknown>;

afterEach(() => {
  vi.unstubAllGlobals();
});

test("gives Node's event loop, always the same", () => {
  // By name: another copy of the package may have been the first to ask.
  expect(platformHost().constructor.name).toBe("NodeHost");
  expect(platformHost()).toBe(platformHost());
});

test("gives one host to two copies of the package", async () => {
  vi.resetModules();
  const copy = await import("../src/platform-host.js");
  expect(copy.platformHost).not.toBe(platformHost);
  expect(copy.platformHost()).toBe(platformHost());
});

test.each([
  ["process", undefined],
  ["process", { env: {} }],
  ["setImmediate", undefined],
])("gives a browser's event loop where Node's calls are missing: %s is %o", async (name, value) => {
  const taken = registry[place];
  delete registry[place];
  vi.resetModules();
  try {
    const { platformHost: fresh } = await import("../src/platform-host.js");
    const { WebHost } = await import("../src/web-host.js");
    vi.stubGlobal(name, value);
    const host = fresh();
    vi.unstubAllGlobals();
    expect(host).toBeInstanceOf(WebHost);
    expect(fresh()).toBe(host);
  } finally {
    registry[place] = taken;
  }
});

test("gives Node's where its calls have come after the package", async () => {
  const taken = registry[place];
  delete registry[place];
  vi.resetModules();
  vi.stubGlobal("setImmediate", undefined);
  try {
    const { platformHost: fresh } = await import("../src/platform-host.js");
    vi.unstubAllGlobals();
    const host = fresh();
    expect(host.constructor.name).toBe("NodeHost");
    await new Promise<void>((resolve) => host.soon(resolve));
  } finally {
    registry[place] = taken;
  }
});

test("makes no host before somebody asks for it", async () => {
  const taken = registry[place];
  delete registry[place];
  vi.resetModules();
  try {
    await import("../src/platform-host.js");
    expect(registry[place]).toMatchObject({ state: { host: undefined } });
  } finally {
    registry[place] = taken;
  }
});
