import { VirtualHost } from "@trestle/testing";
import { expect, test } from "vitest";
import { Alarms, DEADLINE_RANK, SLEEPER_RANK, type Alarm } from "../src/alarms.js";

interface Bench {
  readonly host: VirtualHost;
  readonly alarms: Alarms;
  readonly expired: string[];
  readonly alarm: (name: string, when: number, rank?: number) => Alarm;
  readonly pass: (ms: number) => Promise<void>;
}

function setUp(): Bench {
  const host = new VirtualHost();
  const expired: string[] = [];
  const alarms: Alarms = new Alarms(host, () => {
    alarms.expire();
    alarms.arm();
  });
  return {
    host,
    alarms,
    expired,
    alarm: (name, when, rank = SLEEPER_RANK) => ({
      when,
      rank,
      sequence: 0,
      queued: false,
      expire: () => void expired.push(`${host.now()} ${name}`),
    }),
    pass: (ms) => new Promise((resolve) => void host.at(host.now() + ms, resolve)),
  };
}

test("the earliest rings first, and at one instant deadlines come before sleepers", async () => {
  const { alarms, alarm, expired, pass } = setUp();
  alarms.add(alarm("sleeper", 10));
  alarms.add(alarm("deadline", 10, DEADLINE_RANK));
  alarms.add(alarm("early", 5));
  alarms.arm();
  await pass(20);
  expect(expired).toEqual(["5 early", "10 deadline", "10 sleeper"]);
});

test("an earlier alarm moves the timer, and one that was taken out rings no more", async () => {
  const { alarms, alarm, expired, pass } = setUp();
  const late = alarm("late", 30);
  alarms.add(late);
  alarms.arm();
  alarms.add(alarm("soon", 10));
  alarms.arm();
  alarms.remove(late);
  alarms.arm();
  await pass(50);
  expect(expired).toEqual(["10 soon"]);
  expect(alarms.next).toBe(Number.POSITIVE_INFINITY);
});

test("what is due is seen without a ring", async () => {
  const { alarms, alarm, pass } = setUp();
  alarms.add(alarm("a", 10));
  expect([alarms.next, alarms.isDue]).toEqual([10, false]);
  await pass(10);
  expect(alarms.isDue).toBe(true);
});

test("after the close nothing rings", async () => {
  const { alarms, alarm, expired, pass } = setUp();
  alarms.add(alarm("a", 10));
  alarms.arm();
  alarms.close();
  alarms.add(alarm("b", 5));
  alarms.arm();
  await pass(20);
  expect(expired).toEqual([]);
});
