import { constants, type Stats } from "node:fs";
import * as fs from "node:fs/promises";
import os from "node:os";
import nodePath from "node:path";
import type { Operation } from "@trestle/structured";
import type { AsyncFile } from "./async-file.js";
import { fileWork } from "./file-work.js";
import { openFile, type OpenFileOptions } from "./open-file.js";

/** What becomes a path: text, or one that is there. */
export type PathPart = string | Path;

/** How a folder is made. */
export interface MkdirOptions {
  /** Whether the folders above are made as well, and one that is there already is no error. */
  readonly recursive?: boolean;
  readonly mode?: number;
}

/**
 * Where a file or folder is. What looks at the text alone is plain; what asks the operating system is an operation, done as a whole:
 * a cancellation ends it before it begins, or waits until it is done.
 *
 * What the operating system says comes out as Node's own errors. Wherever Node takes a path, give `String(path)`. Source: Trio's
 * `Path`, in the names of `node:path` and `node:fs`. Flavor: structured.
 *
 * @example
 * ```ts
 * import { run } from "@trestle/structured";
 * import { Path } from "@trestle/io/structured";
 *
 * await run(function* () {
 *   const folder = new Path("reports", "2026");
 *   yield* folder.mkdir({ recursive: true });
 *   yield* folder.join("summary.txt").writeText("all is well\n");
 *   for (const path of yield* folder.list()) console.log(path.name);
 * });
 * ```
 */
export class Path {
  readonly #text: string;

  /** @param parts joined, as `path.join` does it; none are the folder that the process is in */
  constructor(...parts: readonly PathPart[]) {
    this.#text = nodePath.join(...parts.map(String));
  }

  /** The folder that the process is in. */
  static cwd(): Path {
    return new Path(process.cwd());
  }

  /** The user's own folder. */
  static home(): Path {
    return new Path(os.homedir());
  }

  /** The last part: "summary.txt". */
  get name(): string {
    return nodePath.basename(this.#text);
  }

  /** The last part without its extension: "summary". */
  get stem(): string {
    return nodePath.parse(this.#text).name;
  }

  /** The extension of the last part, with its dot: ".txt". */
  get extension(): string {
    return nodePath.extname(this.#text);
  }

  /** The folder that it is in. */
  get parent(): Path {
    return new Path(nodePath.dirname(this.#text));
  }

  get isAbsolute(): boolean {
    return nodePath.isAbsolute(this.#text);
  }

  /** A path below this one. */
  join(...parts: readonly PathPart[]): Path {
    return new Path(this, ...parts);
  }

  /** The same with another last part. */
  withName(name: string): Path {
    return this.parent.join(name);
  }

  /** The same with another extension, given with its dot. */
  withExtension(extension: string): Path {
    return this.withName(`${this.stem}${extension}`);
  }

  /** How one gets from a folder to this path. */
  relativeTo(folder: PathPart): Path {
    return new Path(nodePath.relative(String(folder), this.#text));
  }

  /** The same from the root of the file system, by the folder that the process is in. */
  absolute(): Path {
    return new Path(nodePath.resolve(this.#text));
  }

  equals(other: Path): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return this.#text;
  }

  /** Opens it as a file, as `openFile` does. */
  open(options?: OpenFileOptions): Operation<AsyncFile> {
    return openFile(this.#text, options);
  }

  /** Gives the content of the file. */
  readBytes(): Operation<Uint8Array> {
    return fileWork(() => fs.readFile(this.#text));
  }

  /** Gives the content of the file, as text (UTF-8). */
  readText(): Operation<string> {
    return fileWork(() => fs.readFile(this.#text, "utf8"));
  }

  /** Writes the content of the file anew, and makes the file where there is none. */
  writeBytes(data: Uint8Array): Operation<void> {
    return fileWork(() => fs.writeFile(this.#text, data));
  }

  /** Writes the content of the file anew, as UTF-8. */
  writeText(text: string): Operation<void> {
    return fileWork(() => fs.writeFile(this.#text, text, "utf8"));
  }

  /** Gives the size, the times and the like; of what a link leads to. */
  stat(): Operation<Stats> {
    return fileWork(() => fs.stat(this.#text));
  }

  /** The same of a link itself. */
  lstat(): Operation<Stats> {
    return fileWork(() => fs.lstat(this.#text));
  }

  /** Whether there is something. */
  exists(): Operation<boolean> {
    return this.#is(() => true);
  }

  isFile(): Operation<boolean> {
    return this.#is((stats) => stats.isFile());
  }

  isFolder(): Operation<boolean> {
    return this.#is((stats) => stats.isDirectory());
  }

  /** Gives what is in the folder, in the order of the names. */
  list(): Operation<Path[]> {
    return fileWork(async () =>
      (await fs.readdir(this.#text)).sort().map((name) => this.join(name)),
    );
  }

  mkdir(options: MkdirOptions = {}): Operation<void> {
    return fileWork(async () => void (await fs.mkdir(this.#text, options)));
  }

  /** Removes the folder, which must be empty. */
  rmdir(): Operation<void> {
    return fileWork(() => fs.rmdir(this.#text));
  }

  /** Removes the file or link. */
  unlink(options: { readonly missingOk?: boolean } = {}): Operation<void> {
    return fileWork(async () => {
      try {
        await fs.unlink(this.#text);
      } catch (error) {
        if (options.missingOk !== true || codeOf(error) !== "ENOENT") throw error;
      }
    });
  }

  /** Gives it another name, and gives that path. What is there by that name is replaced. */
  rename(target: PathPart): Operation<Path> {
    return fileWork(async () => {
      await fs.rename(this.#text, String(target));
      return new Path(target);
    });
  }

  /** Copies the file; with `overwrite: false` an existing target is an error. */
  copyTo(target: PathPart, options: { readonly overwrite?: boolean } = {}): Operation<Path> {
    const mode = options.overwrite === false ? constants.COPYFILE_EXCL : 0;
    return fileWork(async () => {
      await fs.copyFile(this.#text, String(target), mode);
      return new Path(target);
    });
  }

  /** Makes it a symbolic link to a target. */
  symlinkTo(target: PathPart): Operation<void> {
    return fileWork(() => fs.symlink(String(target), this.#text));
  }

  /** Gives what the symbolic link leads to. */
  readLink(): Operation<Path> {
    return fileWork(async () => new Path(await fs.readlink(this.#text)));
  }

  /** Gives where it is without links and dots; it must be there. */
  resolve(): Operation<Path> {
    return fileWork(async () => new Path(await fs.realpath(this.#text)));
  }

  chmod(mode: number): Operation<void> {
    return fileWork(() => fs.chmod(this.#text, mode));
  }

  #is(test: (stats: Stats) => boolean): Operation<boolean> {
    return fileWork(async () => {
      try {
        return test(await fs.stat(this.#text));
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return false;
        throw error;
      }
    });
  }
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string } | undefined)?.code ?? "";
}
