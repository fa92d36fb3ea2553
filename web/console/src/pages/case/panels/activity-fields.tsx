/** What is said of an activity, whether it is planned or changed. */

import { NumberInput, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { at, type Declined } from "../../../graph/act";
import { useSession } from "../../../session/viewer";

export interface SaidOfActivity {
  subject: string;
  description: string;
  due: string;
  ownerId: string | null;
  minutes: number | "";
  billable: number | "";
}

export const BLANK: SaidOfActivity = { subject: "", description: "", due: "", ownerId: null, minutes: "", billable: "" };
export const FIELDS = ["subject", "description", "dueAt", "durationMinutes", "billableMinutes", "ownerId"];

interface Props {
  said: SaidOfActivity;
  change: (changed: Partial<SaidOfActivity>) => void;
  declined: Declined[];
  /** Whose it is if nobody is named. */
  nobody: string;
}

export function ActivityFields({ said, change, declined, nobody }: Props) {
  const { people } = useSession();
  const minutes = (value: string | number) => (value === "" ? "" : Number(value));
  return (
    <>
      <TextInput
        label="Subject"
        value={said.subject}
        onChange={(event) => change({ subject: event.currentTarget.value })}
        error={at(declined, "subject")}
        withAsterisk
        data-autofocus
      />
      <Textarea
        label="Description"
        value={said.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
        autosize
        minRows={2}
        maxRows={10}
        error={at(declined, "description")}
      />
      <TextInput
        type="datetime-local"
        label="Due"
        value={said.due}
        onChange={(event) => change({ due: event.currentTarget.value })}
        error={at(declined, "dueAt")}
      />
      <SimpleGrid cols={2}>
        <NumberInput
          label="Minutes"
          min={0}
          allowDecimal={false}
          value={said.minutes}
          onChange={(value) => change({ minutes: minutes(value) })}
          error={at(declined, "durationMinutes")}
        />
        <NumberInput
          label="Of these billable"
          min={0}
          allowDecimal={false}
          value={said.billable}
          onChange={(value) => change({ billable: minutes(value) })}
          error={at(declined, "billableMinutes")}
        />
      </SimpleGrid>
      <Select
        label="For"
        placeholder={nobody}
        data={people.map((who) => ({ value: who.id, label: who.name }))}
        value={said.ownerId}
        onChange={(ownerId) => change({ ownerId })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "For nobody" }}
        error={at(declined, "ownerId")}
      />
    </>
  );
}
