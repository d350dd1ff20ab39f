import { getEventListeners } from "node:events";
import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test } from "vitest";
import { createTask } from "../src/create-task.js";
import { EventLoop } from "../src/event-loop.js";
import { core } from "../src/internals.js";
import { Line, type LineMember } from "../src/line.js";
import { LoopBinding } from "../src/loop-binding.js";
import { NoLoopError } from "../src/no-loop-error.js";
import { sleep } from "../src/sleep.js";
import { messages, thrownBy } from "./on-virtual-time.js";

const loop = new EventLoop({ host: new VirtualHost() });
afterAll(() => loop.close());

function lineOf(count: number): [line: Line, members: LineMember[]] {
  const line = new Line(new LoopBinding(), "a turn");
  const join = (): LineMember => loop.enter(() => line.join("take a turn", undefined));
  return [line, Array.from({ length: count }, join)];
}

test("wakes its members in the order of their coming, and passes over those who gave up", () => {
  const [line, members] = lineOf(4);
  members[0]?.cancel();
  members[2]?.cancel();
  expect(line.first).toBe(members[0]);
  expect([line.wakeFirst(), line.wakeFirst(), line.wakeFirst()]).toEqual([true, true, false]);
  expect(members.map((member) => member.isWoken)).toEqual([false, true, false, true]);
  expect([line.first, line.hasPending]).toEqual([undefined, false]);
});

test("lets any member leave, also twice, and others come after", () => {
  const [line, members] = lineOf(4);
  const [a, b, c, d] = members as [LineMember, LineMember, LineMember, LineMember];
  for (const member of [b, a, a, d]) line.leave(member);
  expect([line.first, line.hasPending]).toEqual([c, true]);
  const e = loop.enter(() => line.join("take a turn", {}));
  line.wakeAll();
  expect([a, b, c, d, e].map((member) => member.isWoken)).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
  line.leave(c);
  expect(line.hasPending).toBe(false);
});

test("one who was woken is not made to wait by a signal that fires later", () => {
  const line = new Line(new LoopBinding(), "a turn");
  const controller = new AbortController();
  const member = loop.enter(() => line.join("take a turn", { signal: controller.signal }));
  line.wakeFirst();
  controller.abort();
  expect(member.isWoken).toBe(true);
  line.leave(member);
});

test("a signal ends the wait of a member; one whose reason is a cancellation cancels it", async () => {
  const line = new Line(new LoopBinding(), "a turn");
  const controllers = [new AbortController(), new AbortController()];
  const task = loop.createTask(() => sleep(1000));
  const [failed, cancelled] = controllers.map(({ signal }) =>
    loop.enter(() => line.join("take a turn", { signal })),
  );
  controllers[0]?.abort("enough");
  expect(failed?.exception()).toBe("enough");
  task.cancel();
  await loop.runUntilComplete(async () => void task.catch(() => {}));
  controllers[1]?.abort(task.cancelled() ? thrownBy(() => task.result()) : undefined);
  expect(cancelled?.cancelled()).toBe(true);
  expect(line.hasPending).toBe(false);
});

test("who leaves, or has passed, leaves no listener at the signal", async () => {
  const { signal } = new AbortController();
  const listeners = (): number => getEventListeners(signal, "abort").length;
  const line = new Line(new LoopBinding(), "a turn");
  await messages(async () => {
    const member = line.join("take a turn", { signal });
    expect(listeners()).toBe(1);
    line.leave(member);
    expect(listeners()).toBe(0);
    let isOpen = false;
    const passing = line.pass(
      () => isOpen,
      () => listeners(),
      "pass",
      { signal },
    );
    isOpen = true;
    line.wakeAll();
    expect(await passing).toBe(0);
    const cancelled = createTask(() =>
      line.pass(
        () => false,
        () => {},
        "pass",
        { signal },
      ),
    );
    await sleep(1);
    cancelled.cancel();
    await sleep(1);
    expect([cancelled.cancelled(), listeners(), line.first]).toEqual([true, 0, undefined]);
  });
});

test("says what its members wait for, and whether that is the end of tasks", () => {
  const [line, members] = lineOf(1);
  expect([members[0]?.describe(), members[0]?.[core].isDerived]).toEqual(["a turn", false]);
  const other = new Line(new LoopBinding(), "the end", { isDerived: true });
  const member = loop.enter(() => other.join("wait", undefined, "the end of all"));
  expect([member.describe(), member[core].isDerived]).toEqual(["the end of all", true]);
  line.wakeAll();
  other.wakeAll();
});

test("passing waits until it is open, and one who finds it shut again goes to the end", async () => {
  const log = await messages(async ({ log }) => {
    const line = new Line(new LoopBinding(), "a gate");
    let isOpen = false;
    const pass = async (name: string): Promise<void> => {
      await line.pass(
        () => isOpen,
        () => log(`${name} is in`),
        "pass",
        undefined,
      );
      log(`${name} goes on`);
    };
    const tasks = [createTask(pass, "a"), createTask(pass, "b")];
    await sleep(1);
    line.wakeFirst();
    await sleep(1);
    isOpen = true;
    line.wakeAll();
    log("open");
    for (const task of tasks) await task;
    await pass("c");
  });
  expect(log).toEqual([
    "open",
    "b is in",
    "b goes on",
    "a is in",
    "a goes on",
    "c is in",
    "c goes on",
  ]);
});

test("what goes wrong in passing comes out of the promise", async () => {
  const line = new Line(new LoopBinding(), "a gate");
  const fail = (): never => {
    throw new Error("no entry");
  };
  await expect(
    line.pass(
      () => true,
      () => 1,
      "pass",
      undefined,
    ),
  ).rejects.toThrow(NoLoopError);
  await messages(async () => {
    await expect(line.pass(() => true, fail, "pass", undefined)).rejects.toThrow("no entry");
    let isOpen = false;
    const late = line.pass(() => isOpen, fail, "pass", undefined);
    isOpen = true;
    line.wakeAll();
    await expect(late).rejects.toThrow("no entry");
  });
});
