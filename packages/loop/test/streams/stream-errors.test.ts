import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import {
  ConnectionLostError,
  IncompleteReadError,
  LimitOverrunError,
} from "../../src/streams/stream-errors.js";

test("say what was wanted, and what there is instead", () => {
  expect(new IncompleteReadError(Buffer.from("abc"), 5).message).toContain(
    "Cannot read 5 bytes: the stream has ended after 3 bytes.",
  );
  expect(new IncompleteReadError(Buffer.alloc(0), undefined).message).toContain(
    "Cannot read up to the separator",
  );
  expect(new LimitOverrunError(10, 12)).toMatchObject({
    consumed: 12,
    code: "TRESTLE_LIMIT_OVERRUN",
  });
  const cause = new Error("ECONNRESET");
  expect(new ConnectionLostError("drain a stream", { cause })).toMatchObject({ cause });
  expect(new ConnectionLostError("drain a stream")).toBeInstanceOf(TrestleError);
});
