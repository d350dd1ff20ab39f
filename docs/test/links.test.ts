import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { filesAtTop, filesIn, root } from "./files.js";

const documents = [
  ...filesAtTop(),
  ...filesIn("docs"),
  ...filesIn("packages"),
  ...filesIn("tooling"),
]
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
const sources = new Map(
  filesIn("packages")
    .filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/u.test(file))
    .map((file) => [file, readFileSync(path.join(root, file), "utf8")]),
);

test("every link within the repository leads somewhere", () => {
  const broken = documents.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/gu)]
      .map(([, link = ""]) => link)
      .filter((link) => !leadsSomewhere(file, link))
      .map((link) => `${file}: ${link}`),
  );
  expect(broken).toEqual([]);
});

function leadsSomewhere(file: string, link: string): boolean {
  const [name = "", fragment] = link.split("#");
  const target = name === "" ? file : path.posix.join(path.posix.dirname(file), name);
  // The reference is made with the site, whose own test looks at links into it.
  if (target.startsWith("docs/api/")) return true;
  if (!existsSync(path.join(root, target))) return false;
  if (fragment === undefined || !target.endsWith(".md")) return true;
  const text = readFileSync(path.join(root, target), "utf8");
  return [...text.matchAll(/^#+ (.+)$/gmu)].some(
    ([, heading = ""]) => slugOf(heading) === fragment,
  );
}

/** A heading's anchor, as GitHub makes it. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

test("every source that a document names exists", () => {
  const missing = documents.flatMap(({ file, text }) =>
    [
      ...text.matchAll(
        /(?<![\w/@.-])(?:packages\/)?((?:host|testing|structured|loop|bridge)\/src\/[\w/-]+\.ts)/gu,
      ),
    ]
      .map(([, name = ""]) => `packages/${name}`)
      .filter((name) => !sources.has(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("the walks name members that exist", () => {
  const walks = documents.find(({ file }) => file === "docs/flows.md")?.text ?? "";
  const named = [...walks.matchAll(/\b([A-Z]\w+)\.(#?[a-z]\w+)/gu)].map(
    ([, owner = "", member = ""]) => ({ owner, member }),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ owner, member }) => !hasMember(owner, member))).toEqual([]);
});

/** Whether a class of that name declares a member, or one of its file. */
function hasMember(owner: string, member: string): boolean {
  const homes = [...sources.values()].filter((text) =>
    new RegExp(`\\bclass ${owner}\\b`, "u").test(text),
  );
  const declaration = `^ +(?:(?:static|readonly|override|protected|get|set|async) )*\\*?${member}(?:<[^(]*>)?[(:; =]`;
  return homes.some((text) => new RegExp(declaration, "mu").test(text));
}
