import { ArgumentError } from "@trestle/host";
import { Event } from "@trestle/structured";
import { describe, expect, test } from "vitest";
import { LoopStop } from "../src/loop-stop.js";

describe("the event of a stop", () => {
  test("is one and the same, made before or after the stop, and set by it", () => {
    const early = new LoopStop();
    const { event } = early;
    expect([early.event === event, event.isSet]).toEqual([true, false]);
    early.reached();
    expect([early.event === event, event.isSet]).toEqual([true, true]);
    const late = new LoopStop();
    late.reached();
    expect(late.event.isSet).toBe(true);
  });

  test("has company: events of others are set with it, each once, and at once where it is late", () => {
    const stop = new LoopStop();
    const [event, late] = [new Event(), new Event()];
    stop.tell(event);
    stop.tell(event);
    stop.reached();
    stop.reached();
    stop.tell(late);
    expect([event.isSet, late.isSet, stop.event.isSet]).toEqual([true, true, true]);
  });
});

test("a loop stands still from a stop by hand on, until the shutdown needs it, and then no more", () => {
  const stop = new LoopStop();
  expect(stop.standsStill).toBe(false);
  stop.standStill();
  expect(stop.standsStill).toBe(true);
  stop.keepUp();
  expect(stop.standsStill).toBe(false);
  stop.standStill();
  expect(stop.standsStill).toBe(false);
});

test("tells those who wait for the loop when it stands still, and not when it ends", () => {
  const log: string[] = [];
  const [byHand, atEnd] = [new LoopStop(), new LoopStop()];
  for (const [name, stop] of Object.entries({ byHand, atEnd })) {
    stop.whenStill(() => log.push(name));
    stop.whenStill(() => log.push("taken back"))();
  }
  byHand.standStill();
  byHand.reached();
  atEnd.reached();
  expect(log).toEqual(["byHand"]);
});

test("refuses what is no event", () => {
  for (const wrong of [null, 5, {}])
    expect(() => new LoopStop().tell(wrong as never)).toThrow(ArgumentError);
});
