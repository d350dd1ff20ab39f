import { processWide } from "@trestle/host";
import { functionIn } from "../load-work.js";
import { EXPOSED } from "../protocol.js";
import { importModule } from "./import-module.js";

type Work = (...args: readonly unknown[]) => unknown;

const shared = processWide("@trestle/executor/exposed", 1, () => ({
  functions: {} as Record<string, unknown>,
}));

/** Has functions found by references to EXPOSED. */
export function exposeAs(functions: object): void {
  Object.assign(shared.functions, functions);
}

/** The functions of modules, by module and name, as far as they were asked for. */
export class WorkCache {
  readonly #modules = new Map<string, Map<string, Work>>();

  /** The function, where it was asked for before. */
  get(module: string, name: string): Work | undefined {
    return this.#modules.get(module)?.get(name);
  }

  /** Imports the module. @throws WorkReferenceError; what the module throws */
  async load(module: string, name: string): Promise<Work> {
    const exports = module === EXPOSED ? shared.functions : await importModule(module);
    const work = functionIn(exports, module, name);
    const functions = this.#modules.get(module) ?? new Map<string, Work>();
    this.#modules.set(module, functions.set(name, work));
    return work;
  }
}
