// The result, as text for people and as JSON for programs.
import { findBrokenLinks, type BrokenLink } from "./broken-links.js";
import { labelOf, type Ledger } from "./ledger.js";

/** Why a crawl ended. */
export type Ending = "complete" | "deadline" | "interrupted";

/** What came of a check. */
export interface Result {
  readonly site: string;
  readonly ending: Ending;
  readonly broken: readonly BrokenLink[];
  /** HTML documents that were read. */
  readonly pages: number;
  /** Other addresses that were asked. */
  readonly others: number;
  readonly links: number;
  /** Addresses of the site that were not asked, or have not answered, because the check ended before. */
  readonly unchecked: number;
  /** Addresses outside of the site that were not asked, because that was not wanted. */
  readonly external: number;
  readonly milliseconds: number;
}

/** Sums up what the ledger holds. */
export function resultOf(
  ledger: Ledger,
  ending: Ending,
  options: { readonly external: boolean; readonly milliseconds: number },
): Result {
  let [pages, others, links, unchecked, external] = [0, 0, ledger.invalidLinks.length, 0, 0];
  for (const entry of ledger.entries) {
    links += entry.mentions.length;
    if (entry.finding?.kind === "document") pages++;
    else if (entry.finding !== undefined) others++;
    else if (entry.inSite || options.external) unchecked++;
    else external++;
  }
  const broken = findBrokenLinks(ledger);
  const milliseconds = Math.round(options.milliseconds);
  const site = ledger.origin;
  return { site, ending, broken, pages, others, links, unchecked, external, milliseconds };
}

/** Renders a result as JSON. */
export function asJson(result: Result): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** Renders a result as a table of what is broken and a line that sums up. */
export function asText(result: Result): string {
  const rows = result.broken.flatMap((link) => rowsOf(link, result.site));
  const table = rows.length === 0 ? "" : `${renderTable(["Broken", "Why", "Linked from"], rows)}\n`;
  return `${table}${summary(result)}\n`;
}

function rowsOf(broken: BrokenLink, site: string): string[][] {
  const [first, ...rest] = broken.linkedFrom.map(
    ({ page, line }) => `${labelOf(page, site)}:${line}`,
  );
  const firstRow = [labelOf(broken.target, site), broken.reason, first ?? "(the check began here)"];
  return [firstRow, ...rest.map((place) => ["", "", place])];
}

/** A cell that is wider than its column pushes the rest of its row to the next line, so no address is ever cut. */
const WIDEST_COLUMN = 40;
const GAP = 2;

function renderTable(header: readonly string[], rows: readonly string[][]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.min(WIDEST_COLUMN, Math.max(...all.map((row) => row[column]?.length ?? 0))),
  );
  const lines = all.flatMap((row) => renderRow(row, widths));
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join(" ".repeat(GAP)));
  return `${lines.join("\n")}\n`;
}

function renderRow(row: readonly string[], widths: readonly number[]): string[] {
  const lines: string[] = [];
  let line = "";
  let start = 0;
  for (const [column, cell] of row.entries()) {
    const isTooWide = column > 0 && line.length > start - GAP;
    if (isTooWide) {
      lines.push(line);
      line = "";
    }
    line = line.padEnd(start) + cell;
    start += (widths[column] ?? 0) + GAP;
  }
  lines.push(line);
  return lines.map((text) => text.trimEnd());
}

function summary(result: Result): string {
  const { broken, unchecked, external } = result;
  const checked = `${count(result.pages, "page")} and ${count(result.others, "other address", "other addresses")}`;
  const verdict = broken.length === 0 ? "nothing is broken" : `${broken.length} broken`;
  const notes = [
    ending(result),
    unchecked > 0 ? `${count(unchecked, "address", "addresses")} not checked${excuse(result)}` : "",
    external > 0 ? `${count(external, "external address", "external addresses")} left out` : "",
  ].filter((note) => note !== "");
  const line = `Checked ${checked} with ${count(result.links, "link")} in ${seconds(result.milliseconds)}: ${verdict}`;
  return notes.length === 0 ? `${line}.` : `${line} (${notes.join(", ")}).`;
}

function ending({ ending: kind }: Result): string {
  if (kind === "deadline") return "the deadline passed";
  return kind === "interrupted" ? "interrupted" : "";
}

/** A check that ran to its end leaves something out only when it is told to. */
function excuse({ ending: kind }: Result): string {
  return kind === "complete" ? " because of --max-pages" : "";
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
