import { LimitOverrunError } from "@trestle/loop/streams";
import { expect, test } from "vitest";
import { LineBuffer } from "../../src/loop/line-buffer.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("gives lines as they become whole, whatever the pieces are", () => {
  const buffer = new LineBuffer();
  const lines: (string | undefined)[] = [];
  for (const byte of bytes("é\r\n\n\rb\nrest")) {
    buffer.add(new Uint8Array([byte]));
    const line = buffer.takeLine(100);
    if (line !== undefined) lines.push(line);
  }
  expect([lines, buffer.takeRest(), buffer.takeRest()]).toEqual([
    ["é", "", "\rb"],
    "rest",
    undefined,
  ]);
});

test("gives bytes, as many as are wanted", () => {
  const buffer = new LineBuffer();
  expect(buffer.takeBytes()).toBe(undefined);
  buffer.add(bytes("abc"));
  expect([buffer.takeBytes(1), buffer.takeBytes(9), buffer.takeBytes()]).toEqual([
    bytes("a"),
    bytes("bc"),
    undefined,
  ]);
});

test("a line may have as many bytes as the limit, and one that has more stays", () => {
  const buffer = new LineBuffer();
  buffer.add(bytes("123\n1234"));
  expect(buffer.takeLine(3)).toBe("123");
  expect(() => buffer.takeLine(3)).toThrow(LimitOverrunError);
  buffer.add(bytes("\n"));
  expect(() => buffer.takeLine(3)).toThrow(LimitOverrunError);
  expect(buffer.takeLine(4)).toBe("1234");
});
