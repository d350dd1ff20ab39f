import { VirtualHost } from "@trestle/testing";
import { afterAll, expect, test } from "vitest";
import { EventLoop } from "../src/event-loop.js";
import { OutsideWaits, WaitList, type Wait } from "../src/waits.js";

const loop = new EventLoop({ host: new VirtualHost() });
afterAll(() => loop.close());

function wait(): Wait {
  return { future: loop.createFuture(), previous: undefined, next: undefined, breakOff: () => {} };
}

function all(list: WaitList): Wait[] {
  const found: Wait[] = [];
  list.forEach((each) => found.push(each));
  return found;
}

test("keeps its waits in order, and gives up any of them", () => {
  const list = new WaitList();
  const [a, b, c, d] = [wait(), wait(), wait(), wait()] as const;
  for (const each of [a, b, c, d]) list.add(each);
  expect(all(list).map((each) => [a, b, c, d].indexOf(each as never))).toEqual([0, 1, 2, 3]);
  list.remove(b);
  list.remove(a);
  list.remove(d);
  expect([all(list).length, all(list)[0] === c, list.isEmpty]).toEqual([1, true, false]);
  list.remove(c);
  expect([all(list), list.isEmpty]).toEqual([[], true]);
  list.add(a);
  expect(all(list)).toHaveLength(1);
});

test("may lose what it goes through", () => {
  const list = new WaitList();
  const waits = [wait(), wait(), wait()];
  for (const each of waits) list.add(each);
  let seen = 0;
  list.forEach((each) => {
    seen++;
    list.remove(each);
  });
  expect([seen, list.isEmpty]).toEqual([3, true]);
});

test("what belongs to no task is never cancelled by one", () => {
  const outside = new OutsideWaits();
  const one = wait();
  outside.startWait(one);
  expect(outside.waits.isEmpty).toBe(false);
  expect(outside.takeCancellation()).toBeUndefined();
  outside.endWait(one);
  expect(outside.waits.isEmpty).toBe(true);
});
