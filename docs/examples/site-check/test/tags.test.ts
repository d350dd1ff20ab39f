import { expect, test } from "vitest";
import { readTags, type Tag } from "../src/tags.js";

/** The tags of a text, each as its name and its attributes with their lines. */
function tagsOf(html: string): string[] {
  const tags: Tag[] = [];
  readTags(html, (tag) => tags.push(tag));
  return tags.map(({ name, attributes }) =>
    [name, ...[...attributes].map(([key, { value, line }]) => `${key}=${value}@${line}`)].join(" "),
  );
}

test("reads every way to write an attribute", () => {
  expect(tagsOf(`<A HREF="1" b='2' c=3 d e = "5"  f=/6/>`)).toEqual([
    "a href=1@1 b=2@1 c=3@1 d=@1 e=5@1 f=/6/@1",
  ]);
  expect(tagsOf('<a/href="1"/><b x="&lt;&amp;&#65;&auml; &unknown; a=1&b=2&copy=3">')).toEqual([
    "a href=1@1",
    "b x=<&Aä &unknown; a=1&b=2&copy=3@1",
  ]);
});

test("knows the line that an attribute begins at", () => {
  expect(tagsOf('<p>\n<a\n  href="x\ny"\r\n  id=z>x</a>\n\n<a href="y">y</a>')).toEqual([
    "a href=x\ny@3 id=z@5",
    "a href=y@7",
  ]);
});

test("takes the first of two attributes of one name", () => {
  expect(tagsOf("<a href=1 HREF=2>")).toEqual(["a href=1@1"]);
});

test("reads on, however broken the document is", () => {
  expect(
    tagsOf("<table><a href=a>a<td><a href='b'>b</table><p></x><a href=c <b>< i id=d>c"),
  ).toEqual(["a href=a@1", "a href=b@1", "a href=c@1 <b=@1"]);
  expect(tagsOf('<a href="1"><a href="never closed')).toEqual(["a href=1@1"]);
});

test("finds no tags in what is no markup", () => {
  for (const html of [
    "<!-- <a href=1> -->",
    "<!--><!-- > <a href=1> -->",
    "<script>'<a href=1>'</script>",
    "<style><a href=1></style>",
    "<textarea><a href=1></textarea>",
    "<title><a href=1></title>",
    "<iframe><a href=1></iframe>",
    "<template><p><template></template><a href=1></template>",
    "<!doctype html [<a href=1]>",
  ]) {
    expect(tagsOf(html)).toEqual([]);
    expect(tagsOf(`${html}<a href=2>`)).toEqual(["a href=2@1"]);
  }
});

test("reads what is shown without scripts", () => {
  expect(tagsOf("<noscript><img src=1></noscript>")).toEqual(["img src=1@1"]);
});

test("reads SVG by its own rules", () => {
  const svg =
    "<svg><title/><style/><use xlink:href=1 /><a href=2></a></svg><title><a href=3></title>";
  expect(tagsOf(svg)).toEqual(["use href=1@1", "a href=2@1"]);
  expect(tagsOf("<svg/><style><a href=1></style><a href=2>")).toEqual(["a href=2@1"]);
});

test("takes no longer where elements are nested more deeply than any call stack", () => {
  expect(tagsOf(`${"<div><p>".repeat(200_000)}<a href=deep>`)).toEqual(["a href=deep@1"]);
});
