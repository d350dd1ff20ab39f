import { TrestleError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  BrokenResourceError,
  ClosedResourceError,
  EndOfChannel,
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
    new EndOfChannel(),
    "EndOfChannel",
    "TRESTLE_END_OF_CHANNEL",
    /^Cannot receive: the channel has ended, /,
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

  test("are told apart by instanceof", () => {
    const classes = [
      WouldBlock,
      ClosedResourceError,
      BrokenResourceError,
      EndOfChannel,
      RelockError,
      ReleaseError,
    ];
    for (const [error] of errors) {
      expect(classes.filter((each) => (error as unknown) instanceof each)).toHaveLength(1);
    }
  });
});
