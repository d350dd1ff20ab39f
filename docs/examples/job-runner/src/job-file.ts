// The file that says what is to be done. All that is wrong with it is told before any job runs, with the field that it is about.
import type { Operation } from "trestle";
import { Path } from "trestle/io";
import { circleIn } from "./dependencies.js";
import { Fields, shown } from "./fields.js";
import type { Job, Work } from "./job.js";

/** The file cannot be read, or makes no sense. */
export class JobFileError extends Error {
  override readonly name = "JobFileError";
}

/** Reads a job file. @throws JobFileError */
export function* readJobFile(file: string): Operation<readonly Job[]> {
  let text: string;
  try {
    text = yield* new Path(file).readText();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    const why = error.code === "ENOENT" ? "there is no such file" : String(error.code);
    throw new JobFileError(`Cannot read "${file}": ${why}.\nName a file by --jobs FILE.`);
  }
  try {
    return parseJobs(text);
  } catch (error) {
    throw new JobFileError(`Cannot use "${file}": ${(error as Error).message}`, { cause: error });
  }
}

/** Makes jobs of the text of a job file. @throws Error that says what is wrong with it */
export function parseJobs(text: string): readonly Job[] {
  const list = listIn(text);
  const jobs = list.map((item, at) => jobOf(new Fields(item, `jobs[${at}]`)));
  checkNames(jobs);
  const circle = circleIn(jobs);
  if (circle === undefined) return jobs;
  throw new Error(`these jobs need each other, in a circle: ${circle.join(" -> ")}.`);
}

function listIn(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON. ${(error as Error).message}.`, { cause: error });
  }
  const { jobs, ...others } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (Array.isArray(jobs) && jobs.length > 0 && Object.keys(others).length === 0) return jobs;
  throw new Error(`it is ${shown(value)}: { "jobs": [...] } is wanted, with one job or more.`);
}

function jobOf(fields: Fields): Job {
  const conditions = {
    name: fields.text("name"),
    needs: fields.texts("needs"),
    timeout: fields.wholeNumber("timeout", { least: 1, otherwise: Infinity }),
    retries: fields.wholeNumber("retries", { otherwise: 0 }),
    grace: fields.wholeNumber("grace", { otherwise: 2000 }),
  };
  const job = { ...conditions, ...workOf(fields) };
  fields.refuseOthers();
  return job;
}

function workOf(fields: Fields): Work {
  const kind = fields.oneOf("kind", ["command", "primes", "hash", "compress"]);
  switch (kind) {
    case "command":
      return { kind, command: fields.command("command") };
    case "primes":
      return { kind, limit: fields.wholeNumber("limit") };
    case "hash":
      return { kind, file: fields.text("file") };
    case "compress":
      return { kind, file: fields.text("file"), into: fields.text("into") };
  }
}

function checkNames(jobs: readonly Job[]): void {
  const names = jobs.map(({ name }) => name);
  for (const [at, { name, needs }] of jobs.entries()) {
    if (names.indexOf(name) < at) {
      throw new Error(`jobs[${at}].name is ${shown(name)}, as that of another job is.`);
    }
    const unknown = needs.find((need) => !names.includes(need));
    if (unknown !== undefined) {
      throw new Error(
        `jobs[${at}].needs of ${shown(name)} names ${shown(unknown)}, and there is no such job.`,
      );
    }
  }
}
