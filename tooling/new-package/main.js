// The command `pnpm new-package NAME`.
import path from "node:path";
import { createPackage, PackageNameError } from "./create-package.js";

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0 || name.startsWith("-")) {
  console.error("Creates a package on top of @trestle/host.\n\n  pnpm new-package NAME");
  process.exitCode = name === "--help" ? 0 : 2;
} else {
  try {
    const files = createPackage(path.resolve(import.meta.dirname, "..", ".."), name);
    console.log(files.map((file) => `wrote ${file}`).join("\n"));
    console.log(`
Next:
  pnpm install                         links it
  pnpm vitest run packages/${name}     its test passes
  pnpm names --update                  writes the list of its names
Say what it may import in tooling/house/packages.js, what it is in its README and description,
and give it a line in the README at the top.`);
  } catch (error) {
    if (!(error instanceof PackageNameError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
