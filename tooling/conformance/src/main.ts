// The command `pnpm conformance`.
import process from "node:process";
import { conformance } from "./conformance.js";

let running = "";

// A program whose promises nobody can settle leaves Node with nothing to do, in the middle of the list.
process.on("exit", (code) => {
  if (code === 13)
    console.error(`Cannot go on with "${running}": it waits for something that never comes.`);
});
process.on("unhandledRejection", (error) => {
  console.error(`Cannot go on with "${running}": it left an error to nobody.`, error);
  process.exit(2);
});

process.exitCode = await conformance(process.argv.slice(2), {
  print: (line) => console.log(line),
  // A script of the workspace runs in the workspace's folder; a file is named from where the user stands.
  folder: process.env["INIT_CWD"] ?? process.cwd(),
  onVector: (id) => {
    running = id;
  },
});
