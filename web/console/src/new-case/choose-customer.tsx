/** Finding a company or a person by name while it is typed. */

import { Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { FindCustomersDocument } from "../gql/graphql";

interface Chosen {
  id: string;
  name: string;
}

interface Props {
  value: Chosen | null;
  onChange: (customer: Chosen | null) => void;
  error?: string | undefined;
  /** Among other filters, where a placeholder says enough. */
  bare?: boolean;
  className?: string | undefined;
}

export function ChooseCustomer({ value, onChange, error, bare, className }: Props) {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [{ data, fetching }] = useQuery({ query: FindCustomersDocument, variables: { text: asked } });

  const companies = (data?.customers.nodes ?? []).map((one) => ({ value: one.id, label: one.name }));
  const people = (data?.contacts.nodes ?? []).map((one) => ({
    value: one.id,
    label: one.account ? `${one.name}, ${one.account.name}` : one.name,
  }));
  const known = [...companies, ...people];
  const groups = [
    { group: "Companies", items: companies },
    { group: "People", items: people },
    ...(value && !known.some((one) => one.value === value.id) ? [{ group: "Chosen", items: [{ value: value.id, label: value.name }] }] : []),
  ];
  return (
    <Select
      {...(bare ? { "aria-label": "Customer", placeholder: "Any customer" } : { label: "Customer", placeholder: "A company or a person…", withAsterisk: true })}
      className={className}
      data={groups.filter((group) => group.items.length)}
      value={value?.id ?? null}
      onChange={(id, option) => onChange(id && option ? { id, name: option.label } : null)}
      searchable
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={fetching ? "Looking…" : "Nobody of that name"}
      rightSection={fetching ? <Loader size={14} /> : undefined}
      error={error}
      clearable
      clearButtonProps={{ "aria-label": bare ? "Any customer" : "Another customer" }}
    />
  );
}
