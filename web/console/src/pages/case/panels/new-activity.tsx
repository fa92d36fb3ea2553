import { Alert, Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type ActivityKind, CreateActivityDocument } from "../../../gql/graphql";
import { at, elsewhere, filled } from "../../../graph/act";
import { useSession } from "../../../session/viewer";
import { ACTIVITY_WORDS, options } from "../../../words/labels";
import { meant, useCaseAct } from "../use-case-act";

const BLANK = { kind: "TASK" as ActivityKind, subject: "", description: "", due: "", ownerId: null as string | null, minutes: "" as number | "" };

export function NewActivity({ opened, close }: { opened: boolean; close: () => void }) {
  const { people } = useSession();
  const act = useCaseAct(CreateActivityDocument);
  const [said, setSaid] = useState(BLANK);
  const change = (changed: Partial<typeof BLANK>) => setSaid({ ...said, ...changed });

  async function send(event: FormEvent) {
    event.preventDefault();
    const done = await act.run({
      kind: said.kind,
      subject: said.subject,
      ...filled({
        description: said.description,
        dueAt: said.due && new Date(said.due).toISOString(),
        ownerId: said.ownerId,
        durationMinutes: said.minutes === "" ? null : said.minutes,
      }),
    });
    if (!done) return;
    setSaid(BLANK);
    close();
  }

  return (
    <Modal opened={opened} onClose={close} title="Plan something" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send} noValidate>
        <Stack gap="sm">
          <Select
            label="What"
            data={options(ACTIVITY_WORDS)}
            value={said.kind}
            onChange={(kind) => kind && change({ kind: kind as ActivityKind })}
            allowDeselect={false}
          />
          <TextInput
            label="Subject"
            value={said.subject}
            onChange={(event) => change({ subject: event.currentTarget.value })}
            error={at(act.declined, "subject")}
            withAsterisk
            data-autofocus
          />
          <Textarea
            label="Description"
            value={said.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
            autosize
            minRows={2}
            error={at(act.declined, "description")}
          />
          <SimpleGrid cols={2}>
            <TextInput
              type="datetime-local"
              label="Due"
              value={said.due}
              onChange={(event) => change({ due: event.currentTarget.value })}
              error={at(act.declined, "dueAt")}
            />
            <NumberInput
              label="Minutes"
              min={0}
              value={said.minutes}
              onChange={(minutes) => change({ minutes: minutes === "" ? "" : Number(minutes) })}
              error={at(act.declined, "durationMinutes")}
            />
          </SimpleGrid>
          <Select
            label="For"
            placeholder="Me"
            data={people.map((who) => ({ value: who.id, label: who.name }))}
            value={said.ownerId}
            onChange={(ownerId) => change({ ownerId })}
            searchable
            clearable
            error={at(act.declined, "ownerId")}
          />
          {elsewhere(act.declined, ["subject", "description", "dueAt", "durationMinutes", "ownerId"]).map((one) => (
            <Alert key={one.message} color="red" variant="outline" role="alert">
              {meant(one)}
            </Alert>
          ))}
          <Group justify="flex-end">
            <Button type="submit" size="sm" loading={act.busy}>
              Plan it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
