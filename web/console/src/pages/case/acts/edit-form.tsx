/** What is said of a case, all at once. Only what was changed is sent. */

import { NumberInput, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { NewCaseChoicesDocument, type Origin, UpdateCaseDocument, type UpdateCaseInput } from "../../../gql/graphql";
import { at } from "../../../graph/act";
import { options, ORIGIN_WORDS } from "../../../words/labels";
import { localInput } from "../../../words/times";
import { type Case, useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

const SHOWN = ["title", "description", "typeId", "subjectId", "productId", "origin", "deadline", "followUpAt", "externalId", "satisfaction"];

function saidOf(one: Case) {
  return {
    title: one.title,
    description: one.description,
    typeId: one.type?.id ?? null,
    subjectId: one.subject?.id ?? null,
    productId: one.product?.id ?? null,
    origin: one.origin as Origin,
    deadline: localInput(one.deadline),
    followUpAt: localInput(one.followUpAt),
    externalId: one.externalId ?? "",
    satisfaction: one.satisfaction ?? null,
  };
}
type Said = ReturnType<typeof saidOf>;

export function EditForm({ close }: FormProps) {
  const { case: one } = useShown();
  const act = useCaseAct(UpdateCaseDocument);
  const [before] = useState(() => saidOf(one));
  const [said, setSaid] = useState(before);
  const [{ data }] = useQuery({ query: NewCaseChoicesDocument });
  const change = (changed: Partial<Said>) => setSaid({ ...said, ...changed });
  const changed = changes(before, said);
  const chosen = (some: { id: string; name: string }[], held: { id: string; name: string } | null | undefined) =>
    [...some, ...(held && !some.some(({ id }) => id === held.id) ? [held] : [])].map(({ id, name }) => ({ value: id, label: name }));

  return (
    <ActForm act={act} fields={SHOWN} word="Save" ready={Object.keys(changed).length > 0} send={() => act.run(changed)} close={close}>
      <TextInput
        label="Title"
        value={said.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
        maxLength={128}
        error={at(act.declined, "title")}
        withAsterisk
        data-autofocus
      />
      <Textarea
        label="Description"
        value={said.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
        autosize
        minRows={3}
        maxRows={12}
        error={at(act.declined, "description")}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Choice label="Type" data={chosen(data?.caseTypes.nodes ?? [], one.type)} value={said.typeId} change={(typeId) => change({ typeId })} error={at(act.declined, "typeId")} />
        <Choice label="Product" data={chosen(data?.products.nodes ?? [], one.product)} value={said.productId} change={(productId) => change({ productId })} error={at(act.declined, "productId")} />
        <Choice label="Subject" data={chosen(data?.subjects.nodes ?? [], one.subject)} value={said.subjectId} change={(subjectId) => change({ subjectId })} error={at(act.declined, "subjectId")} />
        <Select
          label="Came by"
          data={options(ORIGIN_WORDS)}
          value={said.origin}
          onChange={(origin) => origin && change({ origin: origin as Origin })}
          allowDeselect={false}
          error={at(act.declined, "origin")}
        />
        <TextInput
          type="datetime-local"
          label="Deadline"
          value={said.deadline}
          onChange={(event) => change({ deadline: event.currentTarget.value })}
          error={at(act.declined, "deadline")}
        />
        <TextInput
          type="datetime-local"
          label="Follow up"
          value={said.followUpAt}
          onChange={(event) => change({ followUpAt: event.currentTarget.value })}
          error={at(act.declined, "followUpAt")}
        />
        <TextInput
          label="Reference elsewhere"
          value={said.externalId}
          onChange={(event) => change({ externalId: event.currentTarget.value })}
          error={at(act.declined, "externalId")}
        />
        <NumberInput
          label="Satisfaction, 1 to 5"
          min={1}
          max={5}
          allowDecimal={false}
          value={said.satisfaction ?? ""}
          onChange={(value) => change({ satisfaction: value === "" ? null : Number(value) })}
          error={at(act.declined, "satisfaction")}
        />
      </SimpleGrid>
    </ActForm>
  );
}

/** What differs, as the API takes it: what was emptied is null. */
function changes(before: Said, said: Said): Omit<UpdateCaseInput, "caseId" | "expectedVersion" | "idempotencyKey"> {
  const differing = Object.entries(said).filter(([name, value]) => value !== before[name as keyof Said]);
  return Object.fromEntries(
    differing.map(([name, value]) => {
      if (name === "title" || name === "description") return [name, value];
      if (name === "deadline" || name === "followUpAt") return [name, value ? new Date(String(value)).toISOString() : null];
      return [name, value === "" ? null : value];
    }),
  );
}

interface ChoiceProps {
  label: string;
  data: { value: string; label: string }[];
  value: string | null;
  change: (value: string | null) => void;
  error: string | undefined;
}

function Choice({ label, data, value, change, error }: ChoiceProps) {
  return (
    <Select
      label={label}
      placeholder="None"
      data={data}
      value={value}
      onChange={change}
      searchable
      clearable
      clearButtonProps={{ "aria-label": `No ${label.toLowerCase()}` }}
      error={error}
    />
  );
}
