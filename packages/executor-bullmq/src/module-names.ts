// The modules whose functions go through a queue. Their files may be anywhere, and elsewhere on each machine: what travels is a
// name.
import { WorkReferenceError, type WorkReference } from "@trestle/executor";
import { ArgumentError, describe } from "@trestle/host";

/** References to modules, as `moduleRef` makes them, by the names that submitters and workers share. */
export type SharedModules = Readonly<
  Record<string, Readonly<Record<string, WorkReference<never[], unknown>>>>
>;

/** Finds the names of modules, and modules by their names. */
export class ModuleNames {
  readonly #urls = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** @throws ArgumentError */
  constructor(modules: SharedModules, action: string) {
    if (typeof modules !== "object" || modules === null) {
      throw new ArgumentError(
        `Cannot ${action}: 'modules' is ${describe(modules)}.\nGive the module references by their names: { images }.`,
      );
    }
    for (const [name, reference] of Object.entries(modules)) {
      const url = urlOf(reference);
      if (url === undefined) {
        throw new ArgumentError(
          `Cannot ${action}: 'modules.${name}' is ${describe(reference)}, and what 'moduleRef' makes is wanted.`,
        );
      }
      this.#urls.set(name, url);
      this.#names.set(url, name);
    }
  }

  /** @throws WorkReferenceError for a module that is not among them */
  nameOf(work: WorkReference<never[], unknown>, action: string): string {
    const name = this.#names.get(work?.module);
    if (name !== undefined) return name;
    throw new WorkReferenceError(
      `Cannot ${action}: its module ${describe(work?.module)} is not among the 'modules' of the queue (${this.#list()}).\nAdd it, here and at the workers.`,
    );
  }

  /** @throws WorkReferenceError for a name that is not among them */
  referenceTo(module: string, name: string): WorkReference<unknown[], unknown> {
    const url = this.#urls.get(module);
    if (url !== undefined) return { module: url, name };
    throw new WorkReferenceError(
      `Cannot run '${name}': this worker has no module '${module}' (it has ${this.#list()}).\nGive workers and submitters of a queue the same 'modules'.`,
    );
  }

  #list(): string {
    return [...this.#urls.keys()].map((name) => `'${name}'`).join(", ") || "none";
  }
}

function urlOf(reference: unknown): string | undefined {
  // Each property of a module reference is the reference to an export, whether the module has it or not.
  const any = (reference as Record<string, { module?: unknown } | undefined> | undefined)?.[
    "default"
  ];
  return typeof any?.module === "string" ? any.module : undefined;
}
