import { TrestleError } from "@trestle/host";

/** What an event loop was asked for is the work of another package, which was not plugged into it. */
export class LayerMissingError extends TrestleError {
  static override readonly code = "TRESTLE_LAYER_MISSING";

  /**
   * @param layer the option of the loop that is missing, which is also the package's name
   * @param how the code that gives it to the loop
   */
  constructor(
    action: string,
    layer: "executor" | "io",
    how = `'new EventLoop({ ${layer} })' or 'run(main, { ${layer} })'`,
  ) {
    super(
      "LayerMissingError",
      new.target.code,
      `Cannot ${action}: this event loop was opened without '${layer}'.\n` +
        `Install @trestle/${layer}, and give it to the loop: ${how}. ` +
        "The package 'trestle' has both in the loops that it opens.",
    );
  }
}
