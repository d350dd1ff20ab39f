import os from "node:os";
import { run, type Operation } from "@trestle/structured";
import { expect, test } from "vitest";
import { Path } from "../../../src/structured/files/path.js";
import { temporaryFolder } from "./temporary-folder.js";

test("what looks at the text alone is plain", () => {
  const path = new Path("/srv", new Path("ada"), "notes.tar.gz");
  expect([path.name, path.stem, path.extension, String(path.parent)]).toEqual([
    "notes.tar.gz",
    "notes.tar",
    ".gz",
    "/srv/ada",
  ]);
  expect([
    String(path.withName("x")),
    String(path.withExtension(".xz")),
    String(path.relativeTo("/srv")),
    String(path.parent.join("..", "bob")),
    JSON.stringify({ path: path.parent }),
  ]).toEqual([
    "/srv/ada/x",
    "/srv/ada/notes.tar.xz",
    "ada/notes.tar.gz",
    "/srv/bob",
    '{"path":"/srv/ada"}',
  ]);
  expect([path.isAbsolute, new Path().isAbsolute, path.equals(new Path(path))]).toEqual([
    true,
    false,
    true,
  ]);
  expect(String(new Path("x").absolute())).toBe(`${process.cwd()}/x`);
  expect([String(Path.cwd()), String(Path.home())]).toEqual([process.cwd(), os.homedir()]);
});

test("files are made, read, copied, renamed and removed", async () => {
  const folder = new Path(temporaryFolder());
  await run(function* () {
    const file = folder.join("a.txt");
    expect([yield* file.exists(), yield* file.isFile()]).toEqual([false, false]);
    yield* file.writeText("hello");
    expect([yield* file.exists(), yield* file.isFile(), yield* file.isFolder()]).toEqual([
      true,
      true,
      false,
    ]);
    expect(yield* file.readText()).toBe("hello");
    const copy = yield* file.copyTo(folder.join("b.txt"));
    yield* copy.writeBytes(new Uint8Array([1]));
    expect([...(yield* copy.readBytes())]).toEqual([1]);
    expect(yield* errorOf(() => file.copyTo(copy, { overwrite: false }))).toMatchObject({
      code: "EEXIST",
    });
    const moved = yield* copy.rename(folder.join("c.txt"));
    yield* moved.chmod(0o600);
    expect((yield* moved.stat()).mode & 0o777).toBe(0o600);
    yield* moved.unlink();
    yield* moved.unlink({ missingOk: true });
    expect(yield* errorOf(() => moved.unlink())).toMatchObject({ code: "ENOENT" });
    const open = yield* file.open();
    expect(yield* open.readLine()).toBe("hello");
    yield* open.aclose();
  });
});

test("folders are made, listed in order, and removed; links lead somewhere", async () => {
  const folder = new Path(temporaryFolder());
  await run(function* () {
    const inner = folder.join("x", "y");
    yield* inner.mkdir({ recursive: true });
    expect(yield* errorOf(() => folder.join("x").mkdir())).toMatchObject({ code: "EEXIST" });
    for (const name of ["b", "a"]) yield* inner.join(name).writeText(name);
    expect((yield* inner.list()).map(({ name }) => name)).toEqual(["a", "b"]);
    expect([yield* inner.isFolder(), yield* inner.join("a", "z").exists()]).toEqual([true, false]);
    const link = folder.join("link");
    yield* link.symlinkTo(inner);
    expect([String(yield* link.readLink()), (yield* link.lstat()).isSymbolicLink()]).toEqual([
      String(inner),
      true,
    ]);
    expect(String(yield* link.join("a").resolve())).toBe(String(yield* inner.join("a").resolve()));
    yield* folder.join("empty").mkdir();
    yield* folder.join("empty").rmdir();
    expect(yield* errorOf(() => inner.rmdir())).toMatchObject({ code: "ENOTEMPTY" });
  });
});

function* errorOf(operation: () => Operation<unknown>): Operation<unknown> {
  try {
    yield* operation();
  } catch (error) {
    return error;
  }
  return undefined;
}
