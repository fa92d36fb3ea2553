/** Which policy makes the promises of a case: the one chosen by hand, or that of its contract, or the default. */

import { Button, Group, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { ActivePoliciesDocument, ApplySlaDocument } from "../../../gql/graphql";
import { at } from "../../../graph/act";
import { Failure } from "../../../parts/failure";
import { SOURCE_WORDS } from "../../../words/labels";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

export function PromisesForm({ close }: FormProps) {
  const { case: one } = useShown();
  const act = useCaseAct(ApplySlaDocument);
  const held = one.slaVersion?.policy?.id ?? null;
  const [chosen, setChosen] = useState<string | null>(held);
  const [{ data, error }, again] = useQuery({ query: ActivePoliciesDocument });
  if (error) return <Failure error={error} retry={again} />;
  if (!data) return <Skeleton h={120} />;
  const byHand = one.slaSource === "HAND" || one.slaSource === "AUTOMATION";
  return (
    <ActForm
      act={act}
      fields={["policyId"]}
      word="Let it promise"
      ready={chosen !== null}
      send={() => act.run({ policyId: chosen })}
      close={close}
    >
      <Text size="sm" c="dimmed">
        {one.slaVersion?.policy
          ? `“${one.slaVersion.policy.name}” promises now, ${one.slaSource ? SOURCE_WORDS[one.slaSource] : ""}.`
          : "Nobody promises anything for this case."}{" "}
        Clocks are counted anew from the beginning; all that the case waited so far counts.
      </Text>
      <Radio.Group aria-label="Policies in use" value={chosen ?? ""} onChange={setChosen} error={at(act.declined, "policyId")}>
        <Stack gap={10}>
          {data.slaPolicies.nodes.map((policy) => (
            <Radio
              key={policy.id}
              value={policy.id}
              label={policy.name}
              description={[policy.description, policy.isDefault ? "The default." : null].filter(Boolean).join(" ")}
            />
          ))}
        </Stack>
      </Radio.Group>
      {data.slaPolicies.nodes.length === 0 && <Text size="sm">No policy is in use.</Text>}
      {byHand && (
        <Group justify="flex-end">
          <Button
            variant="subtle"
            loading={act.busy}
            onClick={async () => {
              if (await act.run({ policyId: null })) close();
            }}
          >
            Take the choice back
          </Button>
        </Group>
      )}
    </ActForm>
  );
}
