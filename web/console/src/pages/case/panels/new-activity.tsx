import { Modal, Select } from "@mantine/core";
import { useState } from "react";
import { type ActivityKind, CreateActivityDocument } from "../../../gql/graphql";
import { filled } from "../../../graph/act";
import { ACTIVITY_WORDS, options } from "../../../words/labels";
import { ActForm } from "../acts/act-form";
import { useCaseAct } from "../use-case-act";
import { ActivityFields, BLANK, FIELDS } from "./activity-fields";

export function NewActivity({ opened, close }: { opened: boolean; close: () => void }) {
  const act = useCaseAct(CreateActivityDocument);
  const [kind, setKind] = useState<ActivityKind>("TASK");
  const [said, setSaid] = useState(BLANK);

  async function send() {
    const { subject, due, minutes, billable, ...others } = said;
    const done = await act.run({
      kind,
      subject,
      ...filled({ ...others, dueAt: due && new Date(due).toISOString(), durationMinutes: Number(minutes) || null, billableMinutes: Number(billable) || null }),
    });
    if (done) setSaid(BLANK);
    return done;
  }
  return (
    <Modal opened={opened} onClose={close} title="Plan something" closeButtonProps={{ "aria-label": "Close" }}>
      <ActForm act={act} fields={FIELDS} word="Plan it" send={send} close={close}>
        <Select
          label="What"
          data={options(ACTIVITY_WORDS)}
          value={kind}
          onChange={(value) => value && setKind(value as ActivityKind)}
          allowDeselect={false}
        />
        <ActivityFields nobody="Me" said={said} change={(changed) => setSaid({ ...said, ...changed })} declined={act.declined} />
      </ActForm>
    </Modal>
  );
}
