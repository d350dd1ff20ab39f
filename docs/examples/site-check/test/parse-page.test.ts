import { expect, test } from "vitest";
import { parsePage } from "../src/parse-page.js";

test("reads bytes as text by their encoding, and the text for its links and anchors", () => {
  const bytes = Buffer.from('<p id="gr\u00FCn"><a href="x">', "latin1");
  const { links, anchors } = parsePage(bytes, "text/html; charset=iso-8859-1", "http://a.test/b/");
  expect(links).toMatchObject([{ text: "x", target: { address: "http://a.test/b/x" } }]);
  expect(anchors).toEqual(new Set(["gr\u00FCn"]));
});
