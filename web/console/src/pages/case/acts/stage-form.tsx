/** Going through the stages of the case's type: where it may go from here, and what is missing for that. */

import { Alert, List, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { AdvanceStageDocument, CaseStagesDocument } from "../../../gql/graphql";
import { Failure } from "../../../parts/failure";
import { sentence } from "../../../words/labels";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

export function StageForm({ close }: FormProps) {
  const { case: one } = useShown();
  const act = useCaseAct(AdvanceStageDocument);
  const [chosen, setChosen] = useState<string | null>(null);
  const [{ data, error }, again] = useQuery({ query: CaseStagesDocument, variables: { number: one.number }, requestPolicy: "network-only" });
  if (error) return <Failure error={error} retry={again} />;
  if (!data) return <Skeleton h={140} />;
  const stages = data.case?.type?.stages ?? [];
  const here = stages.findIndex((stage) => stage.key === data.case?.stage?.key);
  const next = stages[here + 1];
  const to = chosen ?? next?.key ?? null;
  const missing = data.case?.stage?.missingFields ?? [];
  const ahead = stages.findIndex((stage) => stage.key === to) > here;
  return (
    <ActForm act={act} word="Go there" ready={to !== null} send={() => act.run({ to })} close={close}>
      <Radio.Group label={here < 0 ? "It is at no stage yet" : `It is at “${stages[here]!.name}”`} value={to ?? ""} onChange={setChosen}>
        <Stack gap={8} mt={8}>
          {stages.map((stage, place) => (
            <Radio
              key={stage.key}
              value={stage.key}
              label={stage.name}
              disabled={!reachable(stages, here, place)}
              description={[
                place === here ? "It is here" : null,
                stage.optional ? "may be left out" : null,
                stage.required.length ? `is left with ${stage.required.map((field) => sentence(field).toLowerCase()).join(", ")}` : null,
                stage.finishedTasks ? "is left once the tasks are done" : null,
              ]
                .filter(Boolean)
                .join(" · ")}
            />
          ))}
        </Stack>
      </Radio.Group>
      {ahead && missing.length > 0 && (
        <Alert color="yellow" variant="outline" title="Still missing here">
          <List size="sm">
            {missing.map((field) => (
              <List.Item key={field}>{sentence(field)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {!next && (
        <Text size="sm" c="dimmed">
          This is the last one.
        </Text>
      )}
    </ActForm>
  );
}

/** One back, the next one, or one behind others that may be left out. */
function reachable(stages: { optional: boolean }[], here: number, place: number): boolean {
  if (place === here - 1) return true;
  return place > here && stages.slice(here + 1, place).every((stage) => stage.optional);
}
