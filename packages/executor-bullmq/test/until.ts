import { setTimeout as delay } from "node:timers/promises";

/** Looks again and again whether something outside of this process is so. The test's own time limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(10);
}
