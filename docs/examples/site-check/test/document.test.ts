import { describe, expect, test } from "vitest";
import { readDocument } from "../src/document.js";

const PAGE = "http://site.test/guide/start.html";

/** The links of a document, as `text -> address@line`. */
function linksOf(html: string): string[] {
  return readDocument(html, PAGE).links.map(({ text, target, line }) => {
    const to = target.kind === "address" ? target.address : target.kind;
    return `${text} -> ${to}@${line}`;
  });
}

describe("links", () => {
  test("are found wherever a document can have them, in the order of the text", () => {
    const html = `<!doctype html>
<link rel="stylesheet" href="1.css">
<script src="2.js"></script>
<body>
<a href="3.html">3</a>
<img src="4.png" srcset="5.png 1x, 6.png 2x">
<map><area href="7.html"></map>
<video src="8.mp4" poster="9.png"><source src="10.webm"><track src="11.vtt"></video>
<audio src="12.mp3"></audio>
<picture><source srcset="13.avif"></picture>
<iframe src="14.html"></iframe>
<object data="15.pdf"></object>
<embed src="16.bin">
<input type="image" src="17.png">
<svg><a href="18.html"></a><image href="19.png"/><use xlink:href="20.svg#icon"/></svg>
<noscript><img src="21.png"></noscript>`;
    expect(readDocument(html, PAGE).links.map(({ text }) => Number.parseInt(text, 10))).toEqual(
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  });

  test("know the line of their attribute", () => {
    expect(linksOf('<p>\n<a\n  href="x"\n>x</a>\n\n<a href="y">y</a>')).toEqual([
      "x -> http://site.test/guide/x@3",
      "y -> http://site.test/guide/y@6",
    ]);
  });

  test("follow the first base", () => {
    expect(linksOf('<base target=x><base href="/docs/"><base href="/no/"><a href="a">')).toEqual([
      "a -> http://site.test/docs/a@1",
    ]);
    expect(linksOf('<a href="a"><base href="/docs/">')).toEqual(["a -> http://site.test/docs/a@1"]);
    expect(linksOf('<base href="http://[bad"><a href="a">')).toEqual([
      "a -> http://site.test/guide/a@1",
    ]);
  });

  test("of one text have one target, which is copied once for all of them", () => {
    const { links } = readDocument('<a href="a">\n<a href="a">', PAGE);
    expect(links.map(({ line }) => line)).toEqual([1, 2]);
    expect(links[0]?.target).toBe(links[1]?.target);
  });

  test("that are empty lead to the page itself, or load nothing", () => {
    expect(linksOf('<a href=""></a><img src=""><script src=" "></script>')).toEqual([
      ` -> ${PAGE}@1`,
    ]);
  });

  test("that are hints about a server are left out", () => {
    expect(linksOf('<link rel="preconnect" href="/"><link rel="X dns-prefetch" href="/">')).toEqual(
      [],
    );
    expect(linksOf('<link rel="preload" href="/a">')).toHaveLength(1);
  });
});

describe("anchors", () => {
  test("are the ids of all elements and the names of a", () => {
    const html = `<h1 id="one">x</h1><a name="two"></a><p name="no"></p><svg><g id="three"/></svg><i id="">`;
    expect([...readDocument(html, PAGE).anchors]).toEqual(["one", "two", "three"]);
  });
});
