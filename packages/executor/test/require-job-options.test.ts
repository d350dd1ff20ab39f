import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { JobLimiter } from "../src/job-limiter.js";
import { requireJobOptions } from "../src/require-job-options.js";

test("takes all that there are", () => {
  requireJobOptions({});
  for (const onCancel of ["wait", "cooperative", "abandon", { terminateAfterMs: 0 }] as const)
    requireJobOptions({ onCancel });
  requireJobOptions({
    signal: AbortSignal.abort(),
    transfer: [],
    host: {},
    onHostCall: () => {},
    limiter: new JobLimiter(1),
  });
});

test("refuses what nothing can be done with, and names it", () => {
  const wrong: Record<string, unknown>[] = [
    { onCancel: "kill" },
    { onCancel: { terminateAfterMs: -1 } },
    { onCancel: { terminateAfterMs: Number.POSITIVE_INFINITY } },
    { signal: {} },
    { transfer: new ArrayBuffer(1) },
    { host: null },
    { onHostCall: {} },
    { limiter: 4 },
  ];
  for (const options of wrong) {
    const refused = (): void => requireJobOptions(options);
    expect(refused).toThrow(ArgumentError);
    expect(refused).toThrow(`'${Object.keys(options)[0]}'`);
  }
});
