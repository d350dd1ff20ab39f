// The tests that say whether a change of the core is noticed: its own. Those that start other processes, or wait for real sockets,
// tell nothing of its files that these do not.
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const conditions = ["@trestle/source", ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/structured/test/*.test.ts", "packages/structured/test/sync/*.test.ts"],
    isolate: false,
    restoreMocks: true,
  },
});
