import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

// The packages' own sources instead of their built files, so tests need no build.
const conditions = ["@trestle/source", ...defaultServerConditions];

// `tooling/platforms` runs tests again, elsewhere, and keeps their figures apart.
const { TRESTLE_REPORT: report = "report" } = process.env;

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "tooling/*/test/**/*.test.ts",
      "docs/test/**/*.test.ts",
      "docs/examples/*/test/**/*.test.ts",
    ],
    // One process for a group of files, as the scripts of package.json name them: one for each file
    // costs ten times more than the tests. Files must not depend on each other all the same: the packages keep nothing between runs, a test stops what
    // it has started and gives back what it has changed of the process that a Host lives on, such as its clock,
    // and one that needs a process of its own starts one. `--isolate` tells.
    isolate: false,
    // For what hangs. What merely takes long does so on a busy machine.
    testTimeout: 60_000,
    restoreMocks: true,
    reporters: ["dot", ["json", { outputFile: `node_modules/.cache/vitest/${report}.json` }]],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**"],
      reporter: ["text", "html"],
    },
  },
});
