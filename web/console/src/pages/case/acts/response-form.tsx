/** Recording an answer that was given outside of Casegraph: promises of an answer are kept by it. */

import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { type Origin, RecordResponseDocument } from "../../../gql/graphql";
import { at, filled } from "../../../graph/act";
import { kpiWord, options, ORIGIN_WORDS } from "../../../words/labels";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";
import { Note } from "./note-forms";

const ENDED = new Set(["SUCCEEDED", "CANCELED"]);

export function ResponseForm({ close }: FormProps) {
  const { case: one } = useShown();
  const act = useCaseAct(RecordResponseDocument);
  const [origin, setOrigin] = useState<Origin>("VOICE");
  const [instant, setInstant] = useState("");
  const [kpi, setKpi] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const running = one.slaKpiInstances.nodes.filter((clock) => !ENDED.has(clock.state) && !clock.succeededAt).map((clock) => clock.kpi);

  async function send() {
    const done = await act.run({ origin, ...filled({ at: instant && new Date(instant).toISOString(), kpi, note }) });
    if (done) notifications.show({ color: "green", message: "The answer is recorded." });
    return done;
  }
  return (
    <ActForm act={act} fields={["origin", "at", "kpi", "note"]} word="Record it" send={send} close={close}>
      <SimpleGrid cols={2}>
        <Select
          label="How"
          data={options(ORIGIN_WORDS)}
          value={origin}
          onChange={(value) => value && setOrigin(value as Origin)}
          allowDeselect={false}
          error={at(act.declined, "origin")}
        />
        <TextInput
          type="datetime-local"
          label="When, if not just now"
          value={instant}
          onChange={(event) => setInstant(event.currentTarget.value)}
          error={at(act.declined, "at")}
        />
      </SimpleGrid>
      <Select
        label="Which promise it keeps"
        placeholder="Every promise of an answer"
        data={[...new Set(running)].map((value) => ({ value, label: kpiWord(value) }))}
        value={kpi}
        onChange={setKpi}
        clearable
        clearButtonProps={{ "aria-label": "Every promise of an answer" }}
        error={at(act.declined, "kpi")}
      />
      <Note label="What was said" value={note} change={setNote} error={at(act.declined, "note")} />
    </ActForm>
  );
}
