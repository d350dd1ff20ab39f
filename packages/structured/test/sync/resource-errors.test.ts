import { TrestleError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  EndOfChannel,
  LockNotHeldError,
  ReleaseError,
  RelockError,
  WouldBlock,
} from "../../src/sync/resource-errors.js";

const errors = [
  [
    new WouldBlock("send"),
    "WouldBlock",
    "TRESTLE_WOULD_BLOCK",
    /^Cannot send at once: it would have to wait\.\n/,
  ],
  [
    new ClosedResourceError("send"),
    "ClosedResourceError",
    "TRESTLE_CLOSED_RESOURCE",
    /^Cannot send: it has been closed here\.$/,
  ],
  [
    new BrokenResourceError("send", "nobody is there"),
    "BrokenResourceError",
    "TRESTLE_BROKEN_RESOURCE",
    /^Cannot send: nobody is there\.$/,
  ],
  [
    new BusyResourceError("send"),
    "BusyResourceError",
    "TRESTLE_BUSY_RESOURCE",
    /^Cannot send: another task does so at the moment\.\n/,
  ],
  [
    new EndOfChannel(),
    "EndOfChannel",
    "TRESTLE_END_OF_CHANNEL",
    /^Cannot receive: the channel has ended, /,
  ],
  [
    new LockNotHeldError("notify the condition", "main"),
    "LockNotHeldError",
    "TRESTLE_LOCK_NOT_HELD",
    /^Cannot notify the condition: task 'main' does not hold its lock\.\n/,
  ],
  [new RelockError("Cannot."), "RelockError", "TRESTLE_RELOCK", /^Cannot\.$/],
  [new ReleaseError("Cannot."), "ReleaseError", "TRESTLE_RELEASE", /^Cannot\.$/],
] as const;

describe("the errors of resources (ERR-1)", () => {
  test.each(errors)("%s has a name, a stable code and a message", (error, name, code, message) => {
    expect(error).toBeInstanceOf(TrestleError);
    expect(error).toMatchObject({ name, code });
    expect(error.message).toMatch(message);
  });

  test("keep what broke the resource", () => {
    const cause = new Error("reset");
    expect(new BrokenResourceError("send", "it was reset", { cause }).cause).toBe(cause);
  });

  test("are told apart by instanceof", () => {
    const classes = [
      WouldBlock,
      ClosedResourceError,
      BrokenResourceError,
      BusyResourceError,
      EndOfChannel,
      LockNotHeldError,
      RelockError,
      ReleaseError,
    ];
    for (const [error] of errors) {
      expect(classes.filter((each) => (error as unknown) instanceof each)).toHaveLength(1);
    }
  });
});
