import { TrestleError } from "@trestle/host";
import { expect, test } from "vitest";
import { LayerMissingError } from "../src/layer-missing-error.js";

test("says what could not be done and what to install, with a name and a stable code", () => {
  const error = new LayerMissingError("add a signal handler", "io");
  expect(error).toBeInstanceOf(TrestleError);
  expect(error).toMatchObject({ name: "LayerMissingError", code: "TRESTLE_LAYER_MISSING" });
  expect(error.message).toMatch(
    /^Cannot add a signal handler: this event loop was opened without 'io'\.\nInstall @trestle\/io,/u,
  );
});
