import { Modal } from "@mantine/core";
import { useState } from "react";
import { type ActivityLineFragment, UpdateActivityDocument, type UpdateActivityInput } from "../../../gql/graphql";
import { useAct } from "../../../graph/act";
import { localInput } from "../../../words/times";
import { ActForm } from "../acts/act-form";
import { ActivityFields, FIELDS, type SaidOfActivity } from "./activity-fields";

interface Props {
  activity: ActivityLineFragment;
  opened: boolean;
  close: () => void;
}

export function ChangeActivity({ activity, opened, close }: Props) {
  return (
    <Modal opened={opened} onClose={close} title="Change the activity" closeButtonProps={{ "aria-label": "Close" }}>
      <Fields activity={activity} close={close} />
    </Modal>
  );
}

function Fields({ activity, close }: Omit<Props, "opened">) {
  const [before] = useState(() => saidOf(activity));
  const [said, setSaid] = useState(before);
  const act = useAct(UpdateActivityDocument);
  const changed = changes(before, said);
  return (
    <ActForm
      act={act}
      fields={FIELDS}
      word="Save"
      ready={Object.keys(changed).length > 0}
      send={() => act.run({ activityId: activity.id, ...changed })}
      close={close}
    >
      <ActivityFields nobody="Nobody" said={said} change={(part) => setSaid({ ...said, ...part })} declined={act.declined} />
    </ActForm>
  );
}

function saidOf(activity: ActivityLineFragment): SaidOfActivity {
  return {
    subject: activity.subject,
    description: activity.description,
    due: localInput(activity.dueAt),
    ownerId: activity.owner?.id ?? null,
    minutes: activity.durationMinutes,
    billable: activity.billableMinutes,
  };
}

/** What differs, as the API takes it: what was emptied is null, minutes are none. */
function changes(before: SaidOfActivity, said: SaidOfActivity): Omit<UpdateActivityInput, "activityId" | "idempotencyKey"> {
  return {
    ...(said.subject !== before.subject ? { subject: said.subject } : {}),
    ...(said.description !== before.description ? { description: said.description } : {}),
    ...(said.due !== before.due ? { dueAt: said.due ? new Date(said.due).toISOString() : null } : {}),
    ...(said.ownerId !== before.ownerId ? { ownerId: said.ownerId } : {}),
    ...(said.minutes !== before.minutes ? { durationMinutes: Number(said.minutes) } : {}),
    ...(said.billable !== before.billable ? { billableMinutes: Number(said.billable) } : {}),
  };
}
