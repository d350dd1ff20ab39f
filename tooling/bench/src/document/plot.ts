// Plots as SVG files, which a browser shows in the colours of its reader's choice, light or dark: the colours are classes, and the
// style sheet inside of the file asks which is wanted.

/** A line of marks at their values, under one name. */
export interface PlotLine {
  readonly name: string;
  readonly marks: readonly { readonly series: string; readonly value: number }[];
}

export interface Plot {
  readonly title: string;
  /** What the values are, below the axis. */
  readonly axis: string;
  readonly lines: readonly PlotLine[];
  /** The value that a line is drawn at. */
  readonly reference?: number;
  /** How a value on the axis is written. */
  format(value: number): string;
}

const LINE = 22;
const LEFT = 190;
const WIDTH = 860;
const RIGHT = 30;
const TOP = 76;

// Seven hues that are told apart on white and on black, also by most of those who see fewer colours.
const hues = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7f7f7f"];

/** Draws marks on a logarithmic axis. */
export function drawPlot(plot: Plot): string {
  const values = plot.lines.flatMap(({ marks }) => marks.map(({ value }) => value));
  const [low, high] = decades([...values, plot.reference ?? values[0] ?? 1]);
  const x = (value: number): number =>
    LEFT + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
  const bottom = TOP + plot.lines.length * LINE;
  const series = [...new Set(plot.lines.flatMap(({ marks }) => marks.map((mark) => mark.series)))];
  const parts = [
    text(LEFT, 20, plot.title, "title"),
    ...legend(series),
    ...ticks(low, high).map(
      (value) =>
        `<line class="grid" x1="${round(x(value))}" y1="${TOP}" x2="${round(x(value))}" y2="${bottom}"/>` +
        text(x(value), bottom + 16, plot.format(value), "tick"),
    ),
    ...(plot.reference === undefined
      ? []
      : [
          `<line class="reference" x1="${round(x(plot.reference))}" y1="${TOP}" x2="${round(x(plot.reference))}" y2="${bottom}"/>`,
        ]),
    ...plot.lines.flatMap(({ name, marks }, index) => {
      const y = TOP + (index + 0.5) * LINE;
      return [
        text(LEFT - 10, y + 4, name, "name"),
        ...marks.map((mark) =>
          circle(
            x(mark.value),
            y,
            series.indexOf(mark.series),
            `${mark.series}: ${plot.format(mark.value)}`,
          ),
        ),
      ];
    }),
    text((LEFT + WIDTH - RIGHT) / 2, bottom + 36, plot.axis, "tick"),
  ];
  const height = bottom + 48;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escaped(plot.title)}</title>
<style>${style()}</style>
${parts.join("\n")}
</svg>
`;
}

function style(): string {
  const colours = hues.map((hue, index) => `.s${index}{fill:${hue}}`).join("");
  return `text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.name{text-anchor:end}.tick{font-size:11px;text-anchor:middle;fill:#57606a}.grid{stroke:#d0d7de}.reference{stroke:#24292f;stroke-width:1.5}${colours}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.tick{fill:#9198a1}.grid{stroke:#3d444d}.reference{stroke:#e6edf3}}`;
}

/** The powers of ten around all values, as exponents. */
function decades(values: readonly number[]): [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  return [low, Math.max(high, low + 1)];
}

function ticks(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
}

function legend(series: readonly string[]): string[] {
  let left = LEFT;
  return series.flatMap((name, index) => {
    const at = left;
    left += 26 + name.length * 8;
    return [circle(at + 5, 46, index, name), text(at + 15, 50, name, "legend")];
  });
}

function circle(x: number, y: number, series: number, title: string): string {
  return `<circle class="s${series % hues.length}" cx="${round(x)}" cy="${y}" r="5"><title>${escaped(title)}</title></circle>`;
}

function text(x: number, y: number, words: string, kind: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${y}">${escaped(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
