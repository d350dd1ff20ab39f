import { DeadlockError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import { checkpoint } from "../../src/index.js";
import { checkHalfCloseableStream, memoryStreamPair, StreamRuleError } from "../../src/testing.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

describe("checkHalfCloseableStream (TST-12)", () => {
  test("finds a sendEof that closes all of the stream, or does nothing (ABC-8)", async () => {
    for (const sendEof of ["closes", "nothing"] as const) {
      const checking = virtualRun().run(() =>
        checkHalfCloseableStream(function* () {
          const [left, right] = memoryStreamPair();
          left.sendEof = () => (sendEof === "closes" ? left.aclose() : checkpoint());
          return [left, right];
        }),
      );
      const error = await rejectionOf(checking);
      expect(String(error)).toContain("'sendEof' ends one direction");
      // Without an end the other side waits for ever, and that is for the host to tell.
      expect(error).toBeInstanceOf(sendEof === "closes" ? StreamRuleError : DeadlockError);
    }
  });
});
