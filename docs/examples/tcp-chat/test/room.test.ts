import { EndOfChannel, openMemoryChannel } from "@trestle/structured";
import { expect, test } from "vitest";
import { Room } from "../src/room.js";

test("takes each name once, and again when its member has left", () => {
  const room = new Room();
  const [first] = openMemoryChannel<string>(1);
  const [second] = openMemoryChannel<string>(1);
  expect([room.enter("ada", first), room.enter("ada", second)]).toEqual([true, false]);
  room.leave("ada");
  expect(room.enter("ada", second)).toBe(true);
  expect(room.names).toEqual(["ada"]);
});

test("lets go of a member who does not read, and of nobody else", () => {
  const room = new Room();
  const [toAda, ada] = openMemoryChannel<string>(1);
  const [toBob, bob] = openMemoryChannel<string>(2);
  room.enter("ada", toAda);
  room.enter("bob", toBob);
  room.tell("one");
  room.tell("two");
  expect(room.names).toEqual(["bob"]);
  // What had its place is still there to be sent.
  expect(ada.receiveNowait()).toBe("one");
  expect(() => ada.receiveNowait()).toThrow(EndOfChannel);
  expect([bob.receiveNowait(), bob.receiveNowait()]).toEqual(["one", "two"]);
});
