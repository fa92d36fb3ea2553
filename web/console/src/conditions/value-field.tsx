/** What a field of a case is compared with. */

import { MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { FindCompaniesDocument } from "../gql/graphql";
import type { Test, Value } from "./condition";
import { fieldOf, type Field } from "./fields";
import type { Choice, Known } from "./use-choices";

interface Props {
  test: Test;
  change: (value: Value) => void;
  known: Known;
  disabled: boolean;
}

export function ValueField({ test, change, known, disabled }: Props) {
  const of = fieldOf(test.field);
  const shared = { size: "xs" as const, "aria-label": `Value of ${of.word}`, disabled };
  if (test.op === "empty" || test.op === "filled") return <span />;
  if (of.kind === "yes") {
    return (
      <Select
        {...shared}
        data={[
          { value: "yes", label: "Yes" },
          { value: "no", label: "No" },
        ]}
        value={test.value ? "yes" : "no"}
        onChange={(value) => change(value === "yes")}
        allowDeselect={false}
      />
    );
  }
  const text = Array.isArray(test.value) ? "" : String(test.value);
  if (of.kind === "text") return <TextInput {...shared} value={text} onChange={(event) => change(event.currentTarget.value)} />;
  if (of.kind === "number") return <NumberInput {...shared} min={0} allowDecimal={false} value={text} onChange={(value) => change(String(value))} />;
  if (of.kind === "instant") return <TextInput {...shared} type="datetime-local" value={local(text)} onChange={(event) => change(instant(event.currentTarget.value))} />;
  if (of.kind === "choice" && !Array.isArray(test.value)) {
    return <Select {...shared} data={of.options} value={text || null} onChange={(value) => change(value ?? "")} placeholder="Which" />;
  }
  const chosen = Array.isArray(test.value) ? test.value : [];
  if (of.kind === "row" && of.of === "customer") return <Companies {...shared} chosen={chosen} change={change} known={known} />;
  return <MultiSelect {...shared} data={offered(of, chosen, known)} value={chosen} onChange={change} placeholder={chosen.length ? "" : "Which"} searchable />;
}

/** What can be chosen, and what was chosen though it is not offered any more. */
function offered(of: Field, chosen: string[], known: Known): Choice[] {
  if (of.kind === "choice") return of.options;
  const list = of.kind === "row" && of.of !== "customer" ? known.choices[of.of] : [];
  const gone = chosen.filter((id) => !list.some((one) => one.value === id));
  return [...list, ...gone.map((id) => ({ value: id, label: known.nameOf(id) }))];
}

interface CompaniesProps {
  size: "xs";
  "aria-label": string;
  disabled: boolean;
  chosen: string[];
  change: (value: string[]) => void;
  known: Known;
}

/** Companies are many: they are looked for by name. */
function Companies({ chosen, change, known, ...shared }: CompaniesProps) {
  const [text, setText] = useState("");
  const [seen, setSeen] = useState<Record<string, string>>({});
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [{ data }] = useQuery({ query: FindCompaniesDocument, variables: { text: asked } });
  const found = Object.fromEntries((data?.customers.nodes ?? []).map((one) => [one.id, one.name]));
  const all = { ...Object.fromEntries(chosen.map((id) => [id, seen[id] ?? known.nameOf(id)])), ...found };
  return (
    <MultiSelect
      {...shared}
      data={Object.entries(all).map(([value, label]) => ({ value, label }))}
      value={chosen}
      onChange={(ids) => {
        setSeen((before) => ({ ...before, ...Object.fromEntries(ids.map((id) => [id, all[id] ?? ""])) }));
        change(ids);
      }}
      placeholder={chosen.length ? "" : "Which"}
      searchable
      onSearchChange={setText}
      nothingFoundMessage="No company of that name"
    />
  );
}

/** An instant as the field of the browser wants it, in the zone of the browser. */
function local(text: string): string {
  const then = new Date(text);
  if (Number.isNaN(then.getTime())) return "";
  return new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instant(text: string): string {
  const then = new Date(text);
  return Number.isNaN(then.getTime()) ? "" : then.toISOString();
}
