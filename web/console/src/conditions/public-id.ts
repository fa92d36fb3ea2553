/** Stored conditions name rows by their keys; the API goes by ids: the type's name, a colon and the key, in base64. */

export function publicId(type: string, key: string): string {
  const bytes = (key.replaceAll("-", "").match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16)));
  return btoa(`${type}:${bytes.join("")}`).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The types of the rows that columns lead to. */
const TYPES: Record<string, string> = {
  account: "Account",
  contact: "Contact",
  owner: "Person",
  team: "Team",
  product: "Product",
  family: "Product",
  subject: "Subject",
  type: "CaseType",
  entitlement: "Entitlement",
  merged_into: "Case",
  sla_version: "SlaPolicyVersion",
  sla_policy: "SlaPolicy",
  template: "EntitlementTemplate",
  renewed_from: "Entitlement",
  policy: "SlaPolicy",
};

type Json = Record<string, unknown>;

/**
 * A stored condition as the API takes it: names as it has them, keys as ids. `of` is the type whose fields it compares.
 * Null if it names a row of a type that is not known here.
 */
export function publicWhere(stored: Json, of: string): Json | null {
  const said: Json = {};
  for (const [name, value] of Object.entries(stored)) {
    const inner = name === "and" || name === "or" ? listOf(value as Json[], of) : name === "not" ? publicWhere(value as Json, of) : inside(name, value as Json, of);
    if (inner === null) return null;
    said[camel(name)] = inner;
  }
  return said;
}

function listOf(parts: Json[], of: string): Json[] | null {
  const all = parts.map((part) => publicWhere(part, of));
  return all.every((part) => part !== null) ? (all as Json[]) : null;
}

function inside(name: string, value: Json, of: string): Json | null {
  if (name === "parent") return publicWhere(value, of);
  if (name in TYPES) return publicWhere(value, TYPES[name]!);
  const type = name === "id" || name === "parent_id" ? of : TYPES[name.replace(/_id$/, "")];
  const isKey = (one: unknown) => typeof one === "string" && KEY.test(one);
  const tests = Object.entries(value).map(([op, operand]): [string, unknown] | null => {
    const several = Array.isArray(operand) ? operand : [operand];
    if (!several.some(isKey)) return [op, operand];
    if (!type) return null;
    const ids = several.map((one) => publicId(type, String(one)));
    return [op, Array.isArray(operand) ? ids : ids[0]];
  });
  return tests.every((test) => test !== null) ? Object.fromEntries(tests as [string, unknown][]) : null;
}

export function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
