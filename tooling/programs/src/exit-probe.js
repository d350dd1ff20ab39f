// Loaded into a program by its tests: tells through descriptor 3 whether the program ended by itself, and what it left.
// `beforeExit` comes only where nothing is left that could go on; `process.exit` and a signal skip it.
import { writeSync } from "node:fs";

process.on("beforeExit", () => {
  const signals = [...process.listeners("SIGINT"), ...process.listeners("SIGTERM")];
  // The standard streams are always there.
  const open = process.getActiveResourcesInfo().filter((resource) => resource !== "PipeWrap");
  writeSync(3, JSON.stringify({ listeners: signals.length, open }));
});
