import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import {
  checkIdentifier,
  checkRetry,
  queueSettings,
  refuseLocal,
  type BullJobOptions,
} from "../src/bull-job-options.js";

const once = { attempts: 1 };

test("tells BullMQ what was asked for, and to forget what has ended", () => {
  expect(queueSettings({}, once, 1500, "submit")).toEqual({
    attempts: 1,
    removeOnComplete: { age: 2 },
    removeOnFail: { age: 2 },
  });
  const options = { retry: { attempts: 3, backoffMs: 10 }, delayMs: 5, priority: 2 };
  expect(queueSettings(options, once, 1000, "submit")).toMatchObject({
    attempts: 3,
    backoff: { type: "exponential", delay: 10 },
    delay: 5,
    priority: 2,
  });
});

test.for([
  [{ retry: { attempts: 0 } }, /'retry\.attempts'/u],
  [{ retry: { attempts: 2, backoffMs: 0 } }, /'retry\.backoffMs'/u],
  [{ delayMs: -1 }, /'delayMs'/u],
  [{ priority: 0 }, /'priority'/u],
] as const)("refuses %o", ([options, said]) => {
  const settings = (): unknown => queueSettings(options, once, 1000, "submit");
  expect(settings).toThrow(ArgumentError);
  expect(settings).toThrow(said);
});

test("refuses identifiers that BullMQ takes for something else", () => {
  checkIdentifier("order-7", "submit");
  for (const id of ["", "a:b", "17", 17, undefined])
    expect(() => checkIdentifier(id as string, "submit")).toThrow(/'jobId'/u);
});

test("refuses what has no meaning on another machine, and says what does instead", () => {
  const refused: BullJobOptions[] = [
    { transfer: [new ArrayBuffer(1)] },
    { host: {} },
    { onHostCall: () => {} },
  ];
  for (const options of refused) {
    expect(() => refuseLocal(options, "submit")).toThrow(/no meaning on another machine/u);
  }
  const limiter = { limiter: {} } as BullJobOptions;
  expect(() => refuseLocal(limiter, "submit")).toThrow(/'concurrency' of the workers/u);
  refuseLocal({ transfer: [] }, "submit");
});

test("takes a number of attempts", () => {
  expect(checkRetry({ attempts: 2 }, "open")).toEqual({ attempts: 2 });
  expect(() => checkRetry(undefined as never, "open")).toThrow(/'retry\.attempts'/u);
});
