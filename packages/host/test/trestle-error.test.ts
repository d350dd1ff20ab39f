import { beforeAll, expect, test, vi } from "vitest";
import { TrestleError } from "../src/trestle-error.js";

class DoorError extends TrestleError {
  static override readonly code: string = "TRESTLE_DOOR";

  constructor() {
    super("DoorError", "TRESTLE_DOOR", "Cannot open 'door': it is locked.");
  }
}

class WindowError extends TrestleError {
  static override readonly code = "TRESTLE_WINDOW";

  constructor() {
    super("WindowError", "TRESTLE_WINDOW", "Cannot open 'window': it is stuck.", {
      cause: "paint",
    });
  }
}

test("has name, code, message and cause", () => {
  const error = new WindowError();
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe("WindowError");
  expect(error.code).toBe("TRESTLE_WINDOW");
  expect(error.cause).toBe("paint");
  expect(String(error)).toBe("WindowError: Cannot open 'window': it is stuck.");
});

test("shows its name where it is printed", () => {
  expect(new WindowError().stack).toMatch(/Cannot open 'window': it is stuck\./u);
});

test("lists only what belongs to it", () => {
  expect(Object.keys(new DoorError())).toEqual(["code"]);
});

test("is told apart by class", () => {
  const door: unknown = new DoorError();
  expect(door instanceof TrestleError).toBe(true);
  expect(door instanceof DoorError).toBe(true);
  expect(door instanceof WindowError).toBe(false);
});

test.each([undefined, null, "TRESTLE_DOOR", { code: "TRESTLE_DOOR" }, new Error("other")])(
  "does not take %o for one of its own",
  (value: unknown) => {
    expect(value instanceof TrestleError).toBe(false);
    expect(value instanceof DoorError).toBe(false);
  },
);

test("knows a class within a class, but not the other way round", () => {
  class CellarDoorError extends DoorError {}
  expect(new CellarDoorError() instanceof DoorError).toBe(true);
  expect(new DoorError() instanceof CellarDoorError).toBe(false);
});

let copy: typeof import("../src/trestle-error.js");

beforeAll(async () => {
  vi.resetModules();
  copy = await import("../src/trestle-error.js");
});

test("is recognized across two copies of a package, by its code", () => {
  expect(copy.TrestleError).not.toBe(TrestleError);
  class OtherDoorError extends copy.TrestleError {
    static override readonly code = "TRESTLE_DOOR";
  }
  const other: unknown = new OtherDoorError(
    "DoorError",
    "TRESTLE_DOOR",
    "Cannot open 'door': it is locked.",
  );
  expect(other instanceof TrestleError).toBe(true);
  expect(other instanceof DoorError).toBe(true);
  expect(other instanceof WindowError).toBe(false);
  const ours: unknown = new DoorError();
  expect(ours instanceof copy.TrestleError).toBe(true);
  expect(ours instanceof OtherDoorError).toBe(true);
});
