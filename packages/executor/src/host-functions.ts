import { failure, success } from "@trestle/host";
import { HostFunctionError } from "./host-function-error.js";
import type { HostCall, HostFunctions } from "./host-call.js";
import { isThenable } from "./is-thenable.js";

/** Answers a call of a job by one of the functions that it was given. A promise is waited for. */
export function callHostFunction(functions: HostFunctions | undefined, call: HostCall): void {
  try {
    const result = hostFunction(functions, call.name)(...call.args);
    if (isThenable(result)) {
      result.then(
        (value) => call.answer(success(value)),
        (error: unknown) => call.answer(failure(error)),
      );
    } else {
      call.answer(success(result));
    }
  } catch (error) {
    call.answer(failure(error));
  }
}

/** The function of that name. @throws HostFunctionError */
export function hostFunction(
  functions: HostFunctions | undefined,
  name: string,
): (...args: readonly unknown[]) => unknown {
  const given = functions ?? {};
  const fn = Object.hasOwn(given, name) ? given[name] : undefined;
  if (typeof fn === "function") return fn as (...args: readonly unknown[]) => unknown;
  const names = Object.keys(given);
  throw new HostFunctionError(
    name,
    "it was not given",
    names.length === 0
      ? `Give it where the job is submitted: \`{ host: { ${name} } }\`.`
      : `Given are: ${names.join(", ")}.`,
  );
}
