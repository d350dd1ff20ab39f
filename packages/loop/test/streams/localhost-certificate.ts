import { readFileSync } from "node:fs";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

/**
 * A certificate that signs itself, for localhost, 127.0.0.1 and ::1, and its key. They guard nothing; made with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=localhost` and the names as
 * `subjectAltName`.
 */
export const localhost = {
  cert: read("./localhost.cert.pem"),
  key: read("./localhost.key.pem"),
};
