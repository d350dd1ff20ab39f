// A project of a user's: an empty folder outside of the workspace, with packed packages installed by npm, and nothing else.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const MINUTES = 60_000;
const workspace = path.resolve(import.meta.dirname, "../../..");

export class Project implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "trestle-project-"));

  constructor() {
    this.write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  }

  /** Installs tarballs and nothing from a registry. */
  install(tarballs: Iterable<string>): void {
    const files = [...tarballs].map((tarball) => `file:${tarball}`);
    this.run("npm", [
      "install",
      "--offline",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      ...files,
    ]);
  }

  /** Lets the project find a package that the workspace, or a package of it, has installed. */
  link(name: string, owner = "."): void {
    const link = path.join(this.folder, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(workspace, owner, "node_modules", name), link);
  }

  write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Runs a program in the project's folder, and gives what it prints; what it complains of where it fails. */
  run(program: string, commandLine: readonly string[], environment = {}): string {
    try {
      return execFileSync(program, commandLine, {
        cwd: this.folder,
        encoding: "utf8",
        stdio: "pipe",
        timeout: 5 * MINUTES,
        env: { ...environmentOfUser(), ...environment },
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${program} ${commandLine.join(" ")} failed:\n${stdout}${stderr}`, {
        cause: error,
      });
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ours, without a package manager's own variables and the workspace's conditions, which are not a user's. */
export function environmentOfUser(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(?:npm_(?!config_(?:cache|registry))|NODE_OPTIONS$|VITEST|NODE_ENV$)/iu.test(name),
    ),
  );
}
