import { expect, test } from "vitest";
import { Mailbox } from "../src/mailbox.js";

test("gives values in their order, whoever comes first", async () => {
  const mailbox = new Mailbox<number>();
  const first = mailbox.take();
  mailbox.put(1);
  mailbox.put(2);
  mailbox.put(3);
  expect([await first, await mailbox.take(), await mailbox.take()]).toEqual([1, 2, 3]);
});
