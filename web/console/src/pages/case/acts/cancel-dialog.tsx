import { Alert, Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { CancelCaseDocument, type OpenActivitiesRule } from "../../../gql/graphql";
import { at, elsewhere, filled } from "../../../graph/act";
import { meant, useCaseAct } from "../use-case-act";
import { OpenActivities } from "./open-activities";

export function CancelDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const act = useCaseAct(CancelCaseDocument);
  const [note, setNote] = useState("");
  const [rule, setRule] = useState<OpenActivitiesRule | null>(null);

  async function send(event: FormEvent) {
    event.preventDefault();
    const done = await act.run(filled({ note, openActivities: rule }));
    if (done) close();
  }

  return (
    <Modal opened={opened} onClose={close} title="Cancel the case" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <Textarea
            label="Why it needs no answer any more"
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
            error={at(act.declined, "note")}
            data-autofocus
          />
          <OpenActivities declined={act.declined} rule={rule} choose={setRule} />
          {elsewhere(act.declined, ["note"])
            .filter((one) => one.__typename !== "OpenActivities")
            .map((one) => (
              <Alert key={one.message} color="red" variant="outline" role="alert">
                {meant(one)}
              </Alert>
            ))}
          <Group justify="flex-end">
            <Button variant="default" size="sm" onClick={close}>
              Keep it
            </Button>
            <Button type="submit" color="red" size="sm" loading={act.busy}>
              Cancel the case
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
