/** What pauses the clocks of a policy where its promises do not say otherwise. */

import { ActionIcon, Button, Checkbox, Group, Select, Text } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { newTest } from "../../conditions/condition";
import { ConditionEditor } from "../../conditions/condition-editor";
import type { Known } from "../../conditions/use-choices";
import type { CaseStatusReason } from "../../gql/graphql";
import type { Declined } from "../../graph/act";
import { kpiWord, PAUSING, REASON_WORDS } from "../../words/labels";
import type { Policy } from "./policy";
import { Wrong } from "./target";
import css from "./promises.module.css";

interface Props {
  policy: Policy;
  kpis: string[];
  change: (part: Partial<Policy>) => void;
  known: Known;
  declined: Declined[];
  disabled: boolean;
}

export function Pauses({ policy, kpis, change, known, declined, disabled }: Props) {
  const { waits, pauseRules } = policy;
  const free = kpis.filter((kpi) => !pauseRules.some((rule) => rule.kpi === kpi));
  const set = (place: number, part: Partial<(typeof pauseRules)[number]>) =>
    change({ pauseRules: pauseRules.map((rule, at) => (at === place ? { ...rule, ...part } : rule)) });
  const wrong = (place: number) => declined.find((one) => one.path?.[1] === "pauseRules" && one.path[2] === String(place))?.message;
  return (
    <section className={`panel ${css.box}`} aria-label="What pauses the clocks">
      <h2>What pauses the clocks</h2>
      <Checkbox.Group
        aria-label="Reasons for which a case waits"
        value={waits}
        onChange={(chosen) => change({ waits: chosen as CaseStatusReason[] })}
        error={declined.find((one) => one.path?.[1] === "waits")?.message}
      >
        <Group gap="lg">
          {[...PAUSING].map((reason) => (
            <Checkbox key={reason} size="xs" value={reason} label={REASON_WORDS[reason]} disabled={disabled} />
          ))}
        </Group>
      </Checkbox.Group>
      {pauseRules.map((rule, place) => (
        <fieldset key={place} className={css.levels}>
          <legend>{kpiWord(rule.kpi)}</legend>
          <Group gap="sm" mb={6}>
            <Select
              size="xs"
              aria-label="Of which promise"
              data={[rule.kpi, ...free].map((value) => ({ value, label: kpiWord(value) }))}
              value={rule.kpi}
              onChange={(kpi) => kpi && set(place, { kpi })}
              allowDeselect={false}
              disabled={disabled}
            />
            <span className={css.quiet}>rests instead while</span>
            {!disabled && (
              <ActionIcon variant="subtle" color="gray" aria-label={`Take the rule for ${kpiWord(rule.kpi)} away`} onClick={() => change({ pauseRules: pauseRules.filter((_, at) => at !== place) })}>
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            )}
          </Group>
          <ConditionEditor group={rule.when} change={(when) => set(place, { when })} known={known} disabled={disabled} />
          <Wrong text={wrong(place)} />
        </fieldset>
      ))}
      {!disabled && free.length > 0 && (
        <Button
          mt="sm"
          size="compact-sm"
          variant="subtle"
          leftSection={<Plus size={13} aria-hidden />}
          onClick={() => change({ pauseRules: [...pauseRules, { kpi: free[0]!, when: { kind: "group", how: "all", parts: [newTest()] } }] })}
        >
          Say otherwise for one promise
        </Button>
      )}
      {(policy.kpis.length > 0 || policy.responses.length > 0) && (
        <Text size="xs" c="dimmed" mt="sm">
          Said through the API, and kept as it is: {policy.kpis.length} KPIs of its own, {policy.responses.length} rules of what answers.
        </Text>
      )}
    </section>
  );
}
