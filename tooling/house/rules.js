import { asyncContext } from "./rules/async-context.js";
import { bareTimers } from "./rules/bare-timers.js";
import { bareYield } from "./rules/bare-yield.js";
import { bothRuntimes } from "./rules/both-runtimes.js";
import { deepImports } from "./rules/deep-imports.js";
import { errorCodes } from "./rules/error-codes.js";
import { fileNames } from "./rules/file-names.js";
import { fileSize } from "./rules/file-size.js";
import { importCycles } from "./rules/import-cycles.js";
import { importDirections } from "./rules/import-directions.js";
import { looseEnds } from "./rules/loose-ends.js";
import { manifests } from "./rules/manifests.js";
import { mirroredTests } from "./rules/mirrored-tests.js";
import { namedExports } from "./rules/named-exports.js";
import { passedOnNames } from "./rules/passed-on-names.js";
import { promiseDoors } from "./rules/promise-doors.js";

/** @import { Rule } from "./workspace.js" */

/**
 * All rules of the house, by the names that their findings are printed under.
 *
 * @type {Readonly<Record<string, Rule>>}
 */
export const rules = {
  "async-context": asyncContext,
  "bare-timers": bareTimers,
  "bare-yield": bareYield,
  "both-runtimes": bothRuntimes,
  "deep-imports": deepImports,
  "error-codes": errorCodes,
  "file-names": fileNames,
  "file-size": fileSize,
  "import-cycles": importCycles,
  "import-directions": importDirections,
  "loose-ends": looseEnds,
  manifests,
  "mirrored-tests": mirroredTests,
  "named-exports": namedExports,
  "passed-on-names": passedOnNames,
  "promise-doors": promiseDoors,
};
