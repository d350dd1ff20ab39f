import { TrestleError } from "@trestle/host";

/** Arguments or a result cannot travel through a queue, or what is in the queue cannot be read. */
export class PayloadError extends TrestleError {
  static override readonly code = "TRESTLE_PAYLOAD";

  constructor(message: string, options?: ErrorOptions) {
    super("PayloadError", new.target.code, message, options);
  }
}
