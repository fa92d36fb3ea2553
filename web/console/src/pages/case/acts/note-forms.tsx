/** Acts that take a few words, or none: escalating, urging, and sparing the contract. */

import { Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { EscalateCaseDocument, SetDecrementDocument, UrgeCaseDocument } from "../../../gql/graphql";
import { at, filled } from "../../../graph/act";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

const LONGEST = 500;

interface NoteProps {
  label: string;
  value: string;
  change: (value: string) => void;
  error: string | undefined;
  required?: boolean;
}

export function Note({ label, value, change, error, required = false }: NoteProps) {
  return (
    <Textarea
      label={label}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      maxLength={LONGEST}
      autosize
      minRows={2}
      maxRows={8}
      error={error}
      withAsterisk={required}
      data-autofocus
    />
  );
}

export function EscalateForm({ close }: FormProps) {
  const { case: one } = useShown();
  const [raise] = useState(!one.isEscalated);
  const [reason, setReason] = useState("");
  const act = useCaseAct(EscalateCaseDocument);
  return (
    <ActForm
      act={act}
      fields={["reason"]}
      word={raise ? "Escalate" : "Take it back"}
      send={() => act.run({ escalated: raise, ...filled({ reason }) })}
      close={close}
    >
      <Text size="sm" c="dimmed">
        {raise ? "A flag for everybody to see. Who has the case and who follows it is told." : "The flag is taken down, and those who were told hear of it."}
      </Text>
      <Note label={raise ? "Why it cannot wait" : "Why"} value={reason} change={setReason} error={at(act.declined, "reason")} required={raise} />
    </ActForm>
  );
}

export function UrgeForm({ close }: FormProps) {
  const { case: one } = useShown();
  const [note, setNote] = useState("");
  const act = useCaseAct(UrgeCaseDocument);
  async function send() {
    const done = await act.run(filled({ note }));
    if (done) notifications.show({ color: "green", message: `${one.owner?.name ?? one.team?.name ?? "Whoever has the case"} was urged.` });
    return done;
  }
  return (
    <ActForm act={act} fields={["note"]} word="Urge" send={send} close={close}>
      <Text size="sm" c="dimmed">
        {one.owner ? `${one.owner.name} is asked` : "Those who have the case are asked"} to see to it.
      </Text>
      <Note label="What you want to say" value={note} change={setNote} error={at(act.declined, "note")} />
    </ActForm>
  );
}

export function DecrementForm({ close }: FormProps) {
  const { case: one } = useShown();
  const [decrement] = useState(one.decrementWaived);
  const [note, setNote] = useState("");
  const act = useCaseAct(SetDecrementDocument);
  return (
    <ActForm
      act={act}
      fields={["note"]}
      word={decrement ? "Let it count" : "Let it take nothing"}
      send={() => act.run({ decrement, ...filled({ note }) })}
      close={close}
    >
      <Text size="sm" c="dimmed">
        {decrement
          ? "The case takes of its entitlement again, as if it always had."
          : "The case takes nothing of its entitlement; what it took comes back."}
      </Text>
      <Note label="Why" value={note} change={setNote} error={at(act.declined, "note")} />
    </ActForm>
  );
}
