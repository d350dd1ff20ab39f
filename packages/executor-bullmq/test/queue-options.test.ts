import { ArgumentError } from "@trestle/host";
import { expect, test } from "vitest";
import { checkCount, checkDuration, queuePlace } from "../src/queue-options.js";

test("takes a URL or the options of a connection, and waits for Redis as long as it is away", () => {
  const place = queuePlace({ queue: "a", connection: "redis://127.0.0.1:1", modules: {} }, "open");
  expect(place).toEqual({
    queue: "a",
    prefix: "bull",
    connection: { url: "redis://127.0.0.1:1", maxRetriesPerRequest: null },
  });
  const connection = { host: "127.0.0.1", port: 1, maxRetriesPerRequest: 5 };
  expect(
    queuePlace({ queue: "a", connection, prefix: "p", modules: {} }, "open").connection,
  ).toEqual({
    host: "127.0.0.1",
    port: 1,
    maxRetriesPerRequest: null,
  });
});

test.for([
  [{ queue: "" }, /'queue' is ""/u],
  [{ queue: "a:b" }, /'queue' is "a:b"/u],
  [{ queue: 5 }, /'queue' is 5/u],
  [{ prefix: "a:b" }, /'prefix'/u],
  [{ connection: undefined }, /'connection' is undefined/u],
  [{ connection: 6379 }, /'connection' is 6379/u],
] as const)("refuses %o", ([wrong, said]) => {
  const options = { queue: "a", connection: "redis://127.0.0.1:1", modules: {}, ...wrong };
  expect(() => queuePlace(options as never, "open a BullExecutor")).toThrow(ArgumentError);
  expect(() => queuePlace(options as never, "open a BullExecutor")).toThrow(said);
});

test("refuses durations and counts out of range, and names the field", () => {
  expect(checkDuration(0.5, "lockMs", "open")).toBe(0.5);
  expect(checkCount(3, 1, "concurrency", "open")).toBe(3);
  for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "5"])
    expect(() => checkDuration(ms as number, "lockMs", "open")).toThrow(/'lockMs'/u);
  for (const count of [0, 1.5, Number.NaN, "5"])
    expect(() => checkCount(count as number, 1, "concurrency", "open")).toThrow(/'concurrency'/u);
});
