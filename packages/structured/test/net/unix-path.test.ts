import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { requireUnixPath } from "../../src/net/unix-path.js";

test("takes a path", () => {
  requireUnixPath("/run/clock.sock", "connect to");
});

test.each([undefined, "", 5, null])("refuses %o", (path) => {
  expect(() => requireUnixPath(path, "connect to")).toThrow(ArgumentError);
});

test.skipIf(process.platform === "win32")(
  "refuses a path that the system would cut, counted in bytes",
  () => {
    const longest = process.platform === "linux" ? 107 : 103;
    requireUnixPath("x".repeat(longest), "connect to");
    expect(() => requireUnixPath("x".repeat(longest + 1), "connect to")).toThrow(
      `has at most ${longest} bytes, and this one ${longest + 1}.`,
    );
    expect(() => requireUnixPath("é".repeat(longest / 2 + 1), "connect to")).toThrow(ArgumentError);
  },
);
