import { expect, test } from "vitest";
import { NoJobError } from "../src/no-job-error.js";

test("names the action", () => {
  expect(new NoJobError("call 'log'").message).toContain("Cannot call 'log': no job runs here.");
});
