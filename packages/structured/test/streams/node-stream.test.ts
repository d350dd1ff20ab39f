import { Duplex, PassThrough, Readable, Writable } from "node:stream";
import { ArgumentError } from "@trestle/host";
import { describe, expect, test } from "vitest";
import {
  requireBytesIn,
  requireBytesOut,
  requireNodeStream,
  type NodeDuplex,
  type NodeReadable,
  type NodeWritable,
} from "../../src/streams/node-stream.js";

describe("what is used of Node's streams", () => {
  test("is there in all of them", () => {
    const readable: NodeReadable = new Readable();
    const writable: NodeWritable = new Writable();
    const duplex: NodeDuplex = new Duplex();
    for (const stream of [readable, duplex]) {
      expect(() => requireNodeStream(stream, ["read"], "Readable")).not.toThrow();
      expect(() => requireBytesOut(stream)).not.toThrow();
    }
    for (const stream of [writable, duplex]) {
      expect(() => requireNodeStream(stream, ["write", "end"], "Writable")).not.toThrow();
      expect(() => requireBytesIn(stream)).not.toThrow();
    }
  });

  test("is missed by name in what is none", () => {
    for (const bad of [undefined, null, 1, {}, new ReadableStream(), new EventTarget()]) {
      expect(() => requireNodeStream(bad, ["read"], "Readable")).toThrow(ArgumentError);
    }
    expect(() => requireNodeStream({}, ["read"], "Readable")).toThrow(
      /^Cannot make a stream of an Object: a Readable of 'node:stream' is wanted\.\n/,
    );
  });

  test("is bytes only where the stream has them", () => {
    expect(() => requireBytesOut(new PassThrough({ readableObjectMode: true }))).toThrow(
      /fromReadableItems/,
    );
    expect(() => requireBytesOut(new PassThrough({ encoding: "utf8" }))).toThrow(/'utf8'/);
    expect(() => requireBytesIn(new PassThrough({ writableObjectMode: true }))).toThrow(
      ArgumentError,
    );
  });
});
