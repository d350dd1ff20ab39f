import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { Listening, type EventListeners } from "../../src/interop/event-source.js";

const silent: EventListeners = { emitted: () => {}, broken: () => {}, ended: () => {} };

test("hears nothing after it was stopped, also in the same emission", () => {
  const emitter = new EventEmitter();
  const heard: unknown[] = [];
  const listening = new Listening(emitter, "x", "listen");
  emitter.on("x", () => listening.stop());
  listening.start({}, { ...silent, emitted: (args) => heard.push(args) });
  emitter.emit("x", 1);
  expect(heard).toEqual([]);
  listening.stop();
  expect(emitter.eventNames()).toEqual(["x"]);
});

test("tells which of the events that end it came", () => {
  const emitter = new EventEmitter();
  const heard: unknown[] = [];
  new Listening(emitter, "x", "listen").start(
    { breakOn: ["failed"], endOn: ["close"] },
    {
      emitted: (args) => heard.push(args),
      broken: (args, event) => heard.push([event, ...args]),
      ended: (event) => heard.push(event),
    },
  );
  emitter.emit("failed", 5);
  emitter.emit("x", 1, 2);
  emitter.emit("close");
  expect(heard).toEqual([["failed", 5], [1, 2], "close"]);
});

test("prefers the listeners of an EventEmitter where there are both kinds", () => {
  const target = new EventTarget();
  const emitter = Object.assign(new EventEmitter(), {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  });
  const heard: unknown[] = [];
  const listening = new Listening(emitter, "x", "listen");
  listening.start({}, { ...silent, emitted: (args) => heard.push(args) });
  emitter.emit("x", "emitted");
  target.dispatchEvent(new Event("x"));
  listening.stop();
  expect(heard).toEqual([["emitted"]]);
  expect(emitter.eventNames()).toEqual([]);
});
