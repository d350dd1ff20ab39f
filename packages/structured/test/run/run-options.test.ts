import { ArgumentError } from "@trestle/host";
import { VirtualHost } from "@trestle/testing";
import { describe, expect, test } from "vitest";
import { checkRunOptions } from "../../src/run/run-options.js";

type Options = Parameters<typeof checkRunOptions>[0];

describe("the options of a run", () => {
  test("pass where they fit", () => {
    checkRunOptions({});
    checkRunOptions({
      host: new VirtualHost(),
      seed: 0,
      signal: new AbortController().signal,
      instruments: [],
      asyncContext: false,
    });
  });

  test.each<[option: string, value: unknown, wanted: string]>([
    ["host", {}, "a Host is wanted"],
    ["host", null, "a Host is wanted"],
    ["seed", 1.5, "a whole number is wanted"],
    ["seed", Number.NaN, "a whole number is wanted"],
    ["seed", "7", "a whole number is wanted"],
    ["instruments", {}, "an array is wanted"],
    ["asyncContext", "no", "a boolean is wanted"],
  ])("are refused by name: %s %j", (option, value, wanted) => {
    const check = (): void => checkRunOptions({ [option]: value });
    expect(check).toThrow(ArgumentError);
    expect(check).toThrow(`as '${option}': ${wanted}`);
  });

  test("have a signal that is one", () => {
    const check = (): void => checkRunOptions({ signal: {} } as Options);
    expect(check).toThrow("Cannot cancel a run with an Object: an AbortSignal is wanted.");
  });

  test("are no argument of main (T1)", () => {
    expect(() => checkRunOptions(5 as Options)).toThrow(
      "Cannot run with 5 (number) as options: an object is wanted.\nMain takes no arguments; write 'run(() => main(argument))'.",
    );
  });
});
