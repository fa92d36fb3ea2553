/** Pausing a case with a word on why. */

import { Select } from "@mantine/core";
import { useState } from "react";
import { SuspendCaseDocument } from "../../../gql/graphql";
import { at, filled } from "../../../graph/act";
import { REASON_WORDS } from "../../../words/labels";
import { useCaseAct } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";
import { Note } from "./note-forms";

export const WAITS = ["WAITING_FOR_DETAILS", "WAITING_FOR_EVIDENCE", "WAITING_FOR_VENDOR", "WAITING_FOR_PROBLEM", "ON_HOLD", "SUSPENDED"] as const;
type Wait = (typeof WAITS)[number];

export function WaitForm({ close }: FormProps) {
  const act = useCaseAct(SuspendCaseDocument);
  const [reason, setReason] = useState<Wait>("WAITING_FOR_DETAILS");
  const [note, setNote] = useState("");
  return (
    <ActForm act={act} fields={["reason", "note"]} word="Let it wait" send={() => act.run({ reason, ...filled({ note }) })} close={close}>
      <Select
        label="For what"
        description="Clocks that wait with it stand until it is resumed."
        data={WAITS.map((value) => ({ value, label: REASON_WORDS[value] }))}
        value={reason}
        onChange={(value) => value && setReason(value as Wait)}
        allowDeselect={false}
        error={at(act.declined, "reason")}
      />
      <Note label="Note" value={note} change={setNote} error={at(act.declined, "note")} />
    </ActForm>
  );
}
