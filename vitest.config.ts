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
    // A process for each file costs ten times more than the tests. Files must not depend on each
    // other all the same: the packages keep nothing between runs, and a test that needs a process
    // of its own starts one. `--isolate` tells.
    isolate: false,
    restoreMocks: true,
    reporters: ["dot", ["json", { outputFile: `node_modules/.cache/vitest/${report}.json` }]],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**"],
      reporter: ["text", "html"],
    },
  },
});
