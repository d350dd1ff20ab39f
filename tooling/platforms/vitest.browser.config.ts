// The tests of the core, in Chromium: those of the packages that touch no operating system.
import { readdirSync } from "node:fs";
import path from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defaultClientConditions } from "vite";
import { defineConfig } from "vitest/config";
import { importsNode } from "./imports-node.js";
import { workspaceRoot } from "./workspace-root.js";

const { TRESTLE_CHROMIUM: executablePath = "", TRESTLE_REPORT: report = "report" } = process.env;
const packages = path.join(workspaceRoot, "packages");

export default defineConfig({
  root: workspaceRoot,
  cacheDir: path.join(workspaceRoot, "node_modules", ".cache", "vite-browser"),
  resolve: { conditions: ["@trestle/source", ...defaultClientConditions] },
  test: {
    include: ["host", "testing", "structured"].flatMap(testsForBrowsers),
    setupFiles: [path.join(import.meta.dirname, "browser-setup.ts")],
    // As in the workspace's own configuration.
    isolate: false,
    testTimeout: 60_000,
    restoreMocks: true,
    reporters: ["dot", ["json", { outputFile: `node_modules/.cache/vitest/${report}.json` }]],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
          args: ["--disable-gpu", "--disable-quic", "--disable-sync"],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});

function testsForBrowsers(name: string): string[] {
  const folder = path.join(packages, name, "test");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(folder, file));
  const known = new Map<string, boolean>();
  return files
    .filter((file) => !importsNode(file, packages, known))
    .map((file) => path.relative(workspaceRoot, file));
}
