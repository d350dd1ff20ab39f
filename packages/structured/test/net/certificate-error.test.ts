import { expect, test } from "vitest";
import { CertificateError } from "../../src/net.js";

test("says whose certificate it is, why it was not accepted, and what to do", () => {
  const cause = new Error("certificate has expired");
  const error = new CertificateError("'example.org'", "CERT_HAS_EXPIRED", cause);
  expect(error.message).toBe(
    "Cannot trust the certificate of 'example.org': certificate has expired (CERT_HAS_EXPIRED).\n" +
      "Where it is right all the same, name the authority that signed it in 'tls.ca'.",
  );
  expect(error).toMatchObject({ code: "TRESTLE_CERTIFICATE", reason: "CERT_HAS_EXPIRED", cause });
});
