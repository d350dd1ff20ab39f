import { expect, test } from "vitest";
import { ListenError } from "../../src/net/listen-error.js";

test("says where, and what the system said", () => {
  const cause = new Error("listen EACCES: permission denied");
  const error = new ListenError("127.0.0.1:80", cause);
  expect(error.message).toBe(
    "Cannot listen at '127.0.0.1:80': Error: listen EACCES: permission denied",
  );
  expect(error).toMatchObject({ code: "TRESTLE_LISTEN", cause });
});
