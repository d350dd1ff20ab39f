import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { resolveSpecifier, specifierIn } from "../src/specifier.js";
import { WorkReferenceError } from "../src/work-reference-error.js";

test("reads the module out of a function's text, as compilers and bundlers write it", () => {
  const texts = [
    '() => import("./work.js")',
    "() => import('./work.js')",
    "() => import(`./work.js`)",
    'function () { return import(/* webpackChunkName: "x" */ "./work.js"); }',
    '() => Promise.resolve().then(() => __importStar(require("./work.js")))',
    '() => __vite_ssr_dynamic_import__("./work.js")',
  ];
  const specifiers = texts.map((text) => {
    const toString = vi.spyOn(Function.prototype, "toString").mockReturnValue(text);
    try {
      return specifierIn(() => undefined);
    } finally {
      toString.mockRestore();
    }
  });
  expect(specifiers).toEqual(texts.map(() => "./work.js"));
});

test("finds nothing where nothing is imported by name", () => {
  const name = "./work.js";
  expect(specifierIn(() => import(name))).toBeUndefined();
  expect(specifierIn(() => Promise.resolve({}))).toBeUndefined();
});

test("takes relative ones from the module, and URLs and the platform's modules as they are", () => {
  expect(resolveSpecifier("./b.js", "file:///app/a.js")).toBe("file:///app/b.js");
  expect(resolveSpecifier("../b.js", "file:///app/src/a.js")).toBe("file:///app/b.js");
  expect(resolveSpecifier("node:zlib", "file:///app/a.js")).toBe("node:zlib");
  expect(resolveSpecifier("file:///b.js", "file:///app/a.js")).toBe("file:///b.js");
});

test("finds packages as the module would, or says that it cannot", () => {
  expect(resolveSpecifier("vitest/package.json", import.meta.url)).toMatch(/^file:.*vitest/u);
  expect(resolveSpecifier("fs", import.meta.url)).toBe("fs");
  expect(() => resolveSpecifier("no-such-package", import.meta.url)).toThrow(WorkReferenceError);
});

test("finds a path from the root of a project by walking up", () => {
  expect(resolveSpecifier("/test/work.ts", import.meta.url)).toBe(
    new URL("work.ts", import.meta.url).href,
  );
  expect(resolveSpecifier("/packages/executor/test/work.ts", import.meta.url)).toBe(
    new URL("work.ts", import.meta.url).href,
  );
  expect(resolveSpecifier("/@fs/app/work.ts", import.meta.url)).toBe(
    pathToFileURL("/app/work.ts").href,
  );
  expect(resolveSpecifier("/no/such/file.ts", import.meta.url)).toBe(
    pathToFileURL("/no/such/file.ts").href,
  );
});
