import { describe, expect, test } from "vitest";
import { StapledStream, type Stream } from "../../src/streams.js";
import { checkTwoWayStream, memoryStreamPair } from "../../src/testing.js";
import { rejectionOf } from "../rejection-of.js";
import { virtualRun } from "../virtual-run.js";

async function findingFor(make: () => readonly [Stream, Stream]): Promise<string> {
  const checking = virtualRun().run(() =>
    checkTwoWayStream(function* () {
      return make();
    }),
  );
  return String(await rejectionOf(checking));
}

describe("checkTwoWayStream (TST-12)", () => {
  test("finds a stream that is right in one direction only", async () => {
    const finding = await findingFor(() => {
      const [left, right] = memoryStreamPair();
      const wrong = {
        sendAll: (data: Uint8Array) => right.sendAll(data.map((byte) => byte ^ 1)),
        waitSendAllMightNotBlock: () => right.waitSendAllMightNotBlock(),
        aclose: () => right.sendStream.aclose(),
      };
      return [left, new StapledStream(wrong, right.receiveStream)];
    });
    expect(finding).toMatch(/Cannot confirm that a receiver gets what was sent/);
  });

  test("finds bytes that change in large amounts", async () => {
    const finding = await findingFor(() => {
      const [left, right] = memoryStreamPair();
      let sent = 0;
      left.sendAll = (data) => {
        sent += data.length;
        return left.sendStream.sendAll(sent < 100_000 ? data : data.map((byte) => byte ^ 1));
      };
      return [left, right];
    });
    expect(finding).toMatch(
      /much data arrives .*it gave other bytes than were sent, from byte \d+/,
    );
  });

  test("finds a closing that the other side does not see", async () => {
    const finding = await findingFor(() => {
      const [left, right] = memoryStreamPair();
      right.sendStream.closeHook = undefined;
      return [left, right];
    });
    expect(finding).toContain("and then the end for ever");
  });
});
