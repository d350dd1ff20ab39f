import { expect, test } from "vitest";
import { decodeBody } from "../src/body-text.js";

const bytes = (...values: (number | string)[]): Uint8Array =>
  Buffer.concat(
    values.map((value) =>
      typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from([value]),
    ),
  );

test("reads UTF-8 where nothing says otherwise", () => {
  expect(decodeBody(Buffer.from("grün"), "text/html")).toBe("grün");
});

test("follows the header", () => {
  expect(decodeBody(bytes("gr", 0xfc, "n"), "text/html; charset=ISO-8859-1")).toBe("grün");
  expect(decodeBody(bytes("gr", 0xfc, "n"), 'text/html; Charset="windows-1252"')).toBe("grün");
});

test("follows the document where the header says nothing", () => {
  const page = bytes('<meta charset="iso-8859-1">gr', 0xfc, "n");
  expect(decodeBody(page, "text/html")).toContain("grün");
  const old = bytes("<meta http-equiv=x content='text/html; charset=latin1'>gr", 0xfc, "n");
  expect(decodeBody(old, "text/html")).toContain("grün");
});

test("follows a byte order mark before all else", () => {
  const page = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("grün", "utf16le")]);
  expect(decodeBody(page, "text/html; charset=utf-8")).toBe("grün");
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("grün")]);
  expect(decodeBody(marked, "text/html; charset=latin1")).toBe("grün");
});

test("reads a declaration of UTF-16 as UTF-8, since it could be read", () => {
  const page = Buffer.from('<meta charset="utf-16le">grün');
  expect(decodeBody(page, "text/html")).toContain("grün");
});

test("falls back to UTF-8 for an unknown encoding and shows what makes no sense", () => {
  expect(decodeBody(bytes("gr", 0xfc, "n"), "text/html; charset=klingon")).toBe("gr\uFFFDn");
});
