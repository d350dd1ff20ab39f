import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkLoopOptions, type LoopOptions } from "../src/loop-options.js";

test("options that fit pass", () => {
  const options: LoopOptions[] = [
    {},
    { queueLength: 1, shutdownGrace: 0, closeDescriptor: () => {} },
    { queueLength: Number.POSITIVE_INFINITY, shutdownGrace: Number.POSITIVE_INFINITY },
  ];
  for (const fitting of options) expect(() => checkLoopOptions(fitting)).not.toThrow();
});

test("others are refused, and the message shows them", () => {
  const refusals: [unknown, string][] = [
    [{ queueLength: 0 }, "0 (number) as 'queueLength': a whole number of 1 or more is wanted."],
    [{ queueLength: 1.5 }, "1.5 (number) as 'queueLength': a whole number of 1 or more is wanted."],
    [{ queueLength: Number.NaN }, "NaN (number) as 'queueLength': a whole number of 1 or more"],
    [{ shutdownGrace: -1 }, "-1 (number) as 'shutdownGrace': a time in milliseconds, 0 or more,"],
    [{ shutdownGrace: "1s" }, `"1s" (string) as 'shutdownGrace': a time in milliseconds`],
    [{ closeDescriptor: 5 }, "5 (number) as 'closeDescriptor': a function is wanted."],
    [5, "5 (number) as options: an object is wanted."],
    [null, "null as options: an object is wanted."],
  ];
  for (const [options, message] of refusals) {
    const check = (): void => checkLoopOptions(options as LoopOptions);
    expect(check).toThrow(ArgumentError);
    expect(check).toThrow(message);
  }
});
