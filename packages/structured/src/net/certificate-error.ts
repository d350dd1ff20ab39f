import { TrestleError } from "@trestle/host";

/** The certificate of the other side of a TLS stream was not accepted. The cause is Node's error. */
export class CertificateError extends TrestleError {
  static override readonly code = "TRESTLE_CERTIFICATE";
  /** Why, as Node has it: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_TLS_CERT_ALTNAME_INVALID`, ... */
  readonly reason: string;

  constructor(whose: string, reason: string, cause: Error) {
    super(
      "CertificateError",
      new.target.code,
      `Cannot trust the certificate of ${whose}: ${cause.message} (${reason}).\n` +
        "Where it is right all the same, name the authority that signed it in 'tls.ca'.",
      { cause },
    );
    this.reason = reason;
  }
}
