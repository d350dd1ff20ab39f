// The command `pnpm test:browser`: the core's tests, in headless Chromium.
import path from "node:path";
import { askVersion } from "./ask-version.js";
import { findChromium } from "./find-chromium.js";
import { runVitest } from "./run-vitest.js";

const found = findChromium();
if ("missing" in found) {
  console.log(`Chromium: SKIPPED, for ${found.missing}.\n`);
} else {
  const answer = askVersion(found.binary, found.environment);
  if ("unable" in answer) {
    console.log(`Chromium: SKIPPED, for it does not run on this machine: ${answer.unable}.\n`);
  } else {
    console.log(`${answer.version}: the core's tests`);
    const config = path.join(import.meta.dirname, "vitest.browser.config.ts");
    process.exitCode = await runVitest([`--config=${config}`], {
      platform: "browser",
      environment: { ...found.environment, TRESTLE_CHROMIUM: found.binary },
    });
  }
}
