/** Choosing which other open cases to merge this one with, then looking at what would happen. */

import { Loader, MultiSelect, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { FindMergeableDocument } from "../../../gql/graphql";
import { type Mergeable, MergeForm } from "../../cases/bulk/merge-form";
import { useShown } from "../use-case-act";
import type { FormProps } from "./forms";

const MOST = 10;

export function MergeWithForm({ close }: FormProps) {
  const { case: one } = useShown();
  const [others, setOthers] = useState<Mergeable[]>([]);
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [{ data, fetching }] = useQuery({ query: FindMergeableDocument, variables: { text: asked }, pause: asked.length < 2 });
  const found = (data?.cases.nodes ?? []).filter((other) => other.id !== one.id);
  const known = [...others, ...found.filter((other) => !others.some((chosen) => chosen.id === other.id))];
  return (
    <>
      <MultiSelect
        label={`Which cases go together with ${one.number}`}
        placeholder={others.length ? "" : "A number, or words said in it…"}
        data={known.map((other) => ({ value: other.id, label: `${other.number} ${other.title}` }))}
        value={others.map((other) => other.id)}
        onChange={(ids) => setOthers(known.filter((other) => ids.includes(other.id)))}
        maxValues={MOST}
        searchable
        onSearchChange={setText}
        filter={({ options }) => options}
        hidePickedOptions
        nothingFoundMessage={asked.length < 2 ? "Type two letters or more" : fetching ? "Looking…" : "No open case says that"}
        rightSection={fetching ? <Loader size={14} /> : undefined}
        mb="md"
        openOnFocus={false}
        data-autofocus
      />
      {others.length === 0 ? (
        <Text size="sm" c="dimmed">
          You see what would move and what would end before anything is done.
        </Text>
      ) : (
        <MergeForm cases={[one, ...others]} close={close} done={close} />
      )}
    </>
  );
}
