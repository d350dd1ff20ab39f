import { expectResult } from "../expect-result.js";
import type { Contender, Row } from "../row.js";
import { timed } from "../stopwatch.js";
import { poolsOf, work } from "../thread-pools.js";

const LINKS = 4000;

/** A page of about a megabyte, most of it text. */
const page = new TextEncoder().encode(
  Array.from({ length: LINKS }, (_, at) => {
    const text = "A page has more words than links, and nobody counts the words. ".repeat(4);
    return `<p id="p-${at}">${text}<a href="/page-${at % 97}.html#p-${at}">on</a></p>`;
  }).join("\n"),
);

type Links = readonly unknown[];

/** Reads so many pages, all handed over at once. */
type ReadPages = (threads: number, pages: readonly Uint8Array[]) => PromiseLike<readonly Links[]>;

const readers: readonly [Contender["library"], string, ReadPages][] = [
  [
    "Trestle",
    "executor.submit",
    (threads, pages) =>
      Promise.all(pages.map((each) => poolsOf(threads).trestle.submit(work.linksOf, [each]))),
  ],
  [
    "piscina",
    "piscina.run",
    (threads, pages) =>
      Promise.all(pages.map((each) => poolsOf(threads).piscina.run(each, { name: "linksOf" }))),
  ],
  ["native", "worker.postMessage", (threads, pages) => poolsOf(threads).raw.run(pages)],
];

/** The same pages in one thread and in two: what the second one gains. */
export const executorScaleRow: Row = {
  name: "executor-scale",
  title: "a page of 1 MB is read for its links, in one thread and in two",
  unit: "ns",
  per: "page",
  count: 24,
  mostRounds: 9,
  notes: [
    "What threads without a library gain by the second one is the most that there is: two hardware threads of one core are less than two cores, and whatever else runs takes its part.",
  ],
  contenders: readers.flatMap(([library, code, read]) => [
    contender(library, `${code}, 1 thread`, (pages) => read(1, pages)),
    contender(library, `${code}, 2 threads`, (pages) => read(2, pages)),
  ]),
};

function contender(
  library: Contender["library"],
  code: string,
  read: (pages: readonly Uint8Array[]) => PromiseLike<readonly Links[]>,
): Contender {
  return {
    library,
    code,
    measure: (count) =>
      timed(async () => {
        const found = await read(Array.from({ length: count }, () => page));
        expectResult(found.length, count);
        for (const links of found) expectResult(links.length, LINKS);
      }),
  };
}
