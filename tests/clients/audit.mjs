// Runs the audit of graphql-http against the address in argv[2] with the token in argv[3]; prints a line per audit.
import { auditServer } from "graphql-http";

const [url, token] = process.argv.slice(2);
const authorized = (address, init = {}) =>
  fetch(address, { ...init, headers: { ...init.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) } });

for (const result of await auditServer({ url, fetchFn: authorized })) {
  console.log([result.status, result.id, result.name, result.status === "ok" ? "" : result.reason].join("\t"));
}
