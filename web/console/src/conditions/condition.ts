/** A condition as the editor holds it, read from what is stored and written as the API takes it. */

import type { CaseWhere } from "../gql/graphql";
import { type Field, fieldOf, type FieldName, NAME_BY_COLUMN, type Op, opsOf, opWord } from "./fields";
import { publicId, publicWhere } from "./public-id";

export type Value = string | string[] | boolean;
export interface Test {
  kind: "test";
  field: FieldName;
  op: Op;
  value: Value;
}
export interface Group {
  kind: "group";
  how: "all" | "any" | "not";
  parts: Part[];
}
/** What was said through the API and has no place in the editor: shown, and sent back as it was. */
export interface Kept {
  kind: "kept";
  stored: Json;
}
export type Part = Test | Group | Kept;

type Json = Record<string, unknown>;

export const HOW_WORDS: Record<Group["how"], string> = { all: "all of these hold", any: "one of these holds", not: "not all of these hold" };

export function newTest(): Test {
  return { kind: "test", field: "priority", op: "in", value: [] };
}

/** The same field asked in another way, or another field: with a value that fits it. */
export function asking(field: FieldName, op: Op, value: Value = ""): Test {
  const of = fieldOf(field);
  const known = opsOf(of).includes(op) ? op : opsOf(of)[0]!;
  const several = known === "in" || known === "nin";
  if (of.kind === "yes") return { kind: "test", field, op: known, value: typeof value === "boolean" ? value : true };
  if (several) return { kind: "test", field, op: known, value: Array.isArray(value) ? value : value ? [String(value)] : [] };
  return { kind: "test", field, op: known, value: Array.isArray(value) ? (value[0] ?? "") : typeof value === "boolean" ? "" : value };
}

export function readCondition(stored: Json): Group {
  return { kind: "group", how: "all", parts: partsOf(stored) };
}

function partsOf(stored: Json): Part[] {
  return Object.entries(stored).flatMap(([name, value]): Part[] => {
    if (name === "and") return (value as Json[]).flatMap(partsOf);
    if (name === "or") return [{ kind: "group", how: "any", parts: (value as Json[]).map(one) }];
    if (name === "not") return [{ kind: "group", how: "not", parts: partsOf(value as Json) }];
    const field = NAME_BY_COLUMN.get(name);
    if (!field) return [{ kind: "kept", stored: { [name]: value } }];
    return Object.entries(value as Json).map(([op, operand]) => test(field, name, op, operand));
  });
}

function one(stored: Json): Part {
  const parts = partsOf(stored);
  return parts.length === 1 ? parts[0]! : { kind: "group", how: "all", parts };
}

function test(field: FieldName, column: string, op: string, operand: unknown): Part {
  const of = fieldOf(field);
  const kept: Kept = { kind: "kept", stored: { [column]: { [op]: operand } } };
  if (op === "isNull") return of.nullable ? asking(field, operand ? "empty" : "filled") : kept;
  const read = (value: unknown) => (of.kind === "row" ? publicId(of.type, String(value)) : String(value));
  if (of.kind === "yes") return op === "eq" ? asking(field, "eq", Boolean(operand)) : kept;
  const asked = op === "eq" && opsOf(of).includes("in") ? "in" : (op as Op);
  if (!opsOf(of).includes(asked)) return kept;
  return asking(field, asked, Array.isArray(operand) ? operand.map(read) : read(operand));
}

/** The condition as the API takes it; null if something that was kept cannot be said to it. */
export function sentCondition(group: Group): CaseWhere | null {
  return sent(group) as CaseWhere | null;
}

function sent(part: Part): Json | null {
  if (part.kind === "kept") return publicWhere(part.stored, "Case");
  if (part.kind === "test") return sentTest(part);
  const parts = (part.how === "any" ? part.parts : flat(part.parts)).map(sent);
  if (parts.some((each) => each === null)) return null;
  if (part.how === "any") return { or: parts };
  const all = together(parts as Json[]);
  return part.how === "not" ? { not: all } : all;
}

function flat(parts: Part[]): Part[] {
  return parts.flatMap((part) => (part.kind === "group" && part.how === "all" ? flat(part.parts) : [part]));
}

/** All of them in one object; those of a name that is there already stand in `and`. */
function together(parts: Json[]): Json {
  const all: Json = {};
  const further: Json[] = [];
  for (const part of parts) {
    if (Object.keys(part).some((name) => name in all)) further.push(part);
    else Object.assign(all, part);
  }
  return further.length ? { ...all, and: [...((all.and as Json[] | undefined) ?? []), ...further] } : all;
}

function sentTest({ field, op, value }: Test): Json {
  const of = fieldOf(field);
  if (op === "empty" || op === "filled") return { [field]: { isNull: op === "empty" } };
  return { [field]: { [op]: operand(of, value) } };
}

function operand(of: Field, value: Value): unknown {
  if (of.kind === "number") return Number(value);
  if (of.kind === "instant" && !Number.isNaN(Date.parse(String(value)))) return new Date(String(value)).toISOString();
  return value;
}

/** What of a condition is not said yet. */
export function unsaid(part: Part): boolean {
  if (part.kind === "group") return part.parts.some(unsaid);
  if (part.kind === "kept" || part.op === "empty" || part.op === "filled" || typeof part.value === "boolean") return false;
  if (fieldOf(part.field).kind === "instant") return Number.isNaN(Date.parse(String(part.value)));
  return part.value.length === 0;
}

/** A condition in a line: "Priority is High, and Owner is empty". */
export function conditionInWords(part: Part, nameOf: (id: string) => string): string {
  if (part.kind === "kept") return keptWord(part.stored);
  if (part.kind === "test") {
    const of = fieldOf(part.field);
    const asked = `${of.word} ${opWord(part.op, of)}`;
    if (part.op === "empty" || part.op === "filled") return asked;
    if (typeof part.value === "boolean") return `${of.word}: ${part.value ? "yes" : "no"}`;
    const values = Array.isArray(part.value) ? part.value : [part.value];
    return `${asked} ${values.map((value) => valueWord(of, value, nameOf)).join(" or ")}`;
  }
  if (!part.parts.length) return part.how === "all" ? "always" : "never";
  const words = part.parts.map((each) => (each.kind === "group" && each.parts.length > 1 ? `(${conditionInWords(each, nameOf)})` : conditionInWords(each, nameOf)));
  return part.how === "not" ? `not (${words.join(" and ")})` : words.join(part.how === "any" ? " or " : " and ");
}

function valueWord(of: Field, value: string, nameOf: (id: string) => string): string {
  if (of.kind === "choice") return of.options.find((option) => option.value === value)?.label ?? value;
  if (of.kind === "row") return nameOf(value);
  if (of.kind === "instant") return new Date(value).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  return of.kind === "text" ? `“${value}”` : value;
}

export function keptWord(stored: Json): string {
  return Object.entries(stored)
    .map(([name, value]) => {
      const inner = value !== null && typeof value === "object" && !Array.isArray(value) ? keptWord(value as Json) : Array.isArray(value) ? value.map(String).join(", ") : String(value);
      return `${name.replaceAll("_", " ")} ${inner}`;
    })
    .join(" and ");
}
