// The graphql-http audit: `node audit.mjs http://127.0.0.1:8000/graphql` prints what is not ok and fails if anything is.
import { auditServer } from "graphql-http";

const url = process.argv[2];
if (!url) throw new Error("usage: node audit.mjs <url of the GraphQL endpoint>");

const results = await auditServer({ url });
const lacking = results.filter((result) => result.status !== "ok");
for (const { id, status, name, reason } of lacking) console.log(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - lacking.length}/${results.length} ok`);
process.exit(lacking.length ? 1 : 0);
