import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { Clock } from "../../src/index.js";

class Double extends Clock {
  readonly #real: VirtualHost;

  constructor(real: VirtualHost) {
    super();
    this.#real = real;
  }

  startClock(): void {}

  currentTime(): number {
    return this.#real.now() * 2;
  }

  deadlineToSleepTime(deadline: number): number {
    return (deadline - this.currentTime()) / 2;
  }
}

test("a clock brings a host with its own time, which takes turns and real time from the given one", async () => {
  const real = new VirtualHost({ startAt: 100 });
  const host = new Double(real).hostOn(real);
  expect(host.now()).toBe(200);
  await new Promise<void>((resolve) => void host.at(230, resolve));
  expect([host.now(), real.now()]).toEqual([230, 115]);
});
