import { constants } from "node:os";
import { expect, test } from "vitest";
import {
  BadDescriptorError,
  DescriptorError,
  errorOf,
  NotWatchableError,
} from "../../src/readiness/descriptor-errors.js";

const { errno } = constants;

test.each([
  [errno.EBADF, BadDescriptorError, "EBADF", "TRESTLE_BAD_DESCRIPTOR"],
  [errno.EPERM, NotWatchableError, "EPERM", "TRESTLE_NOT_WATCHABLE"],
  [errno.ENOSPC, DescriptorError, "ENOSPC", "TRESTLE_DESCRIPTOR"],
])("the errno %i becomes an error of its kind", (number, kind, name, code) => {
  const error = errorOf("wait for reading of descriptor 5", -number);
  expect(error).toBeInstanceOf(kind);
  expect(error.message).toMatch(/^Cannot wait for reading of descriptor 5: /);
  expect([error.errno, error.code, error.name]).toEqual([name, code, kind.name]);
});
