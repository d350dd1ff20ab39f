import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { bundleSizes } from "../../src/document/bundle-sizes.js";

test("weighs each program of a folder, the lightest first", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "trestle-bundles-"));
  try {
    writeFileSync(
      path.join(folder, "long.ts"),
      "// Long\nconsole.log('a text that is longer' as string);",
    );
    writeFileSync(path.join(folder, "short.ts"), "// Short\nconst unused = 1;\nexport {};");
    const sizes = await bundleSizes(folder);
    expect(sizes.map(({ library }) => library)).toEqual(["Short", "Long"]);
    expect(sizes[1]?.minified).toBe('console.log("a text that is longer");\n'.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
