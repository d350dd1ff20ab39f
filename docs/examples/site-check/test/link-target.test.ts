import { describe, expect, test } from "vitest";
import { normalAddress, resolveLink } from "../src/link-target.js";

const PAGE = "http://site.test/guide/start.html";

describe("resolveLink", () => {
  test.each([
    ["other.html", "http://site.test/guide/other.html", ""],
    ["../", "http://site.test/", ""],
    ["/a?b=c#d", "http://site.test/a?b=c", "d"],
    ["#here", PAGE, "here"],
    ["", PAGE, ""],
    ["  spaced.html\n", "http://site.test/guide/spaced.html", ""],
    ["//other.test/x", "http://other.test/x", ""],
    ["HTTPS://Other.TEST:443/x/../y", "https://other.test/y", ""],
    ["#part:~:text=word", PAGE, "part"],
    ["#:~:text=word", PAGE, ""],
    ["?", "http://site.test/guide/start.html", ""],
  ])("reads %j as an address", (text, address, fragment) => {
    expect(resolveLink(text, PAGE)).toEqual({ kind: "address", address, fragment });
  });

  test.each(["mailto:a@b.test", "tel:+1", "javascript:void 0", "data:,x", "ftp://x.test/"])(
    "ignores %j",
    (text) => {
      expect(resolveLink(text, PAGE)).toEqual({ kind: "ignored" });
    },
  );

  test.each(["https://[half", "http://", "http://a b/"])("finds no address in %j", (text) => {
    expect(resolveLink(text, PAGE)).toEqual({ kind: "invalid" });
  });
});

describe("normalAddress", () => {
  test.each([
    ["http://site.test", "http://site.test/"],
    ["http://site.test:80/a#b", "http://site.test/a"],
    ["http://site.test/a?#b", "http://site.test/a"],
    ["http://site.test/%c3%a4%2f", "http://site.test/%C3%A4%2F"],
    ["http://site.test/ä b", "http://site.test/%C3%A4%20b"],
    ["http://site.test/?q=%2f", "http://site.test/?q=%2f"],
  ])("spells %s as %s", (address, normal) => {
    expect(normalAddress(new URL(address))).toBe(normal);
  });
});
