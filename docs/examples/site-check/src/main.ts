// Where the program meets the process: arguments, streams, signals and the exit code. Nothing here ends the process: it ends
// by itself, because nothing is left open.
import { asStructured, run } from "@trestle/bridge";
import type { Operation } from "@trestle/structured";
import { HELP, parseArguments, UsageError, type Settings } from "./arguments.js";
import { checkSite } from "./check-site.js";
import { deliverReport } from "./deliver-report.js";
import { exitCodeOf, Interrupts } from "./interrupts.js";
import { checkOutputFile } from "./output-file.js";
import { print, tolerateBrokenPipe } from "./print.js";
import { withPageReader } from "./page-reader.js";
import { fetchPage } from "./read-page.js";
import { asJson, asText } from "./report.js";

/** How long writing the result into a file may take. */
const OUTPUT_TIMEOUT_MS = 10_000;

const interrupts = new Interrupts();
tolerateBrokenPipe(process.stdout);
tolerateBrokenPipe(process.stderr);
try {
  const settings = parseArguments(process.argv.slice(2));
  // `run` opens a loop beside the structured program, so that what `asStructured` wraps has one to run on.
  process.exitCode = await run(() => (settings === "help" ? help() : check(settings)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
} finally {
  interrupts.close();
}

function* check(settings: Settings): Operation<number> {
  const { output } = settings;
  if (output !== undefined) yield* checkOutputFile(output);
  // The one crossing of this program: an async function becomes a structured one. Cancelling it aborts the request.
  const result = yield* withPageReader(asStructured(fetchPage), settings.workers, (read) =>
    checkSite(settings, { interrupts, read, screen: process.stderr }),
  );
  const isDelivered = yield* deliverReport(settings.json ? asJson(result) : asText(result), {
    output,
    timeout: OUTPUT_TIMEOUT_MS,
    interrupts,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  if (interrupts.signal !== undefined) return exitCodeOf(interrupts.signal);
  if (!isDelivered) return 2;
  return result.broken.length === 0 ? 0 : 1;
}

function* help(): Operation<number> {
  yield* print(process.stdout, HELP);
  return 0;
}
