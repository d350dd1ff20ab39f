import { ExitError } from "@trestle/host";
import { expect, test, vi } from "vitest";
import { readSettings } from "../src/settings.js";

test("has defaults for all but the hosts", () => {
  const hosts = [{ host: "example.com", port: 443 }];
  expect(readSettings(["example.com:443"])).toEqual({ hosts, headStart: 250, deadline: 10_000 });
});

test("takes what is given", () => {
  const words = ["--deadline", "5", "--head-start", "0", "a:1", "b:2"];
  expect(readSettings(words)).toMatchObject({ headStart: 0, deadline: 5, hosts: [{}, {}] });
});

test.each([
  [[], "Cannot connect: no host was named."],
  [["x"], 'Cannot connect to "x": it is not HOST:PORT, with a port up to 65535.'],
  [["x:1", "--deadline", "soon"], 'Cannot use --deadline "soon": it takes milliseconds.'],
  [["x:1", "--fast"], "Unknown option '--fast'"],
])("refuses %j", (words, message) => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(() => readSettings(words)).toThrow(new ExitError(2));
  expect(String(write.mock.calls[0]?.[0])).toContain(message);
});

test("tells the options where that is wanted", () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(() => readSettings(["--help"])).toThrow(new ExitError(0));
  expect(String(write.mock.calls[0]?.[0])).toContain("--head-start MS");
});
