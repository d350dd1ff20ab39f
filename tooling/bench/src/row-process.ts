// The process of one row: `row-process.js NAME ROUNDS` measures it, and sends what it came to.
import { collectYoungGarbage } from "./collect-garbage.js";
import { measureRow } from "./measure.js";
import { withoutContenders } from "./measured-apart.js";
import { rows } from "./rows.js";

const [name, rounds] = process.argv.slice(2);
const row = rows.find((each) => each.name === name);
if (row === undefined) throw new Error(`Cannot measure "${name}": there is no such row.`);

const progress = (round: number, of: number): void => {
  process.stderr.write(`\r${row.name}: ${round} of ${of}${round === of ? "\r\u001b[K" : ""}`);
};
const measured = await measureRow(row, {
  rounds: Number(rounds),
  collectGarbage: collectYoungGarbage,
  ...(process.stderr.isTTY ? { progress } : {}),
});
process.send?.(withoutContenders(measured), () => process.disconnect());
