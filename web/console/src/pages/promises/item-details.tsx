/** All of a promise that is not in its row: its name, when it holds, is kept and rests, and what is done if it is not. */

import { Button, Checkbox, Group, Select, TextInput } from "@mantine/core";
import { Copy, Plus, Trash2, X } from "lucide-react";
import type { Group as Condition } from "../../conditions/condition";
import { newTest } from "../../conditions/condition";
import { ConditionEditor } from "../../conditions/condition-editor";
import type { Known } from "../../conditions/use-choices";
import type { Declined } from "../../graph/act";
import { kpiWord } from "../../words/labels";
import { findingsAt, isFoundAt } from "./findings";
import { Levels } from "./levels";
import type { Item } from "./policy";
import { Wrong } from "./target";
import css from "./promises.module.css";

interface Props {
  item: Item;
  place: number;
  kpis: string[];
  change: (part: Partial<Item>) => void;
  copy: () => void;
  remove: () => void;
  known: Known;
  declined: Declined[];
  disabled: boolean;
}

export function ItemDetails({ item, place, kpis, change, copy, remove, known, declined, disabled }: Props) {
  const finding = findingsAt(declined, "items", place);
  const of = item.name || `promise ${place + 1}`;
  const when = (field: "applicableWhen" | "successWhen" | "pauseWhen") =>
    declined.find((one) => one.path?.[2] === String(place) && one.path[3] === field)?.message;
  return (
    <div className={css.details}>
      <Group gap="sm" align="flex-start">
        <TextInput
          size="xs"
          label="Name"
          className={css.grow}
          value={item.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={finding("name")}
          disabled={disabled}
        />
        <Select
          size="xs"
          label="What is promised"
          data={kpis.map((value) => ({ value, label: kpiWord(value) }))}
          value={item.kpi}
          onChange={(kpi) => kpi && change({ kpi })}
          allowDeselect={false}
          error={finding("kpi")}
          disabled={disabled}
        />
      </Group>
      <fieldset className={css.levels}>
        <legend>For which cases</legend>
        <ConditionEditor group={item.applicableWhen} change={(applicableWhen) => change({ applicableWhen })} known={known} disabled={disabled} />
        <Wrong text={when("applicableWhen")} />
      </fieldset>
      <Optional
        title="When it is kept"
        without="As the KPI has it."
        of={of}
        condition={item.successWhen}
        change={(successWhen) => change({ successWhen })}
        known={known}
        wrong={when("successWhen")}
        disabled={disabled}
      />
      <Optional
        title="When it rests"
        without="While the case waits, as the policy says below."
        of={of}
        condition={item.pauseWhen}
        change={(pauseWhen) => change({ pauseWhen })}
        known={known}
        wrong={when("pauseWhen")}
        disabled={disabled}
      />
      <Group gap="lg">
        <Checkbox
          size="xs"
          label="Warn before it is due"
          checked={item.warnAfter !== null}
          onChange={(event) => change({ warnAfter: event.currentTarget.checked ? item.failAfter : null })}
          disabled={disabled}
        />
        <Checkbox
          size="xs"
          label="It may rest"
          checked={item.mayPause}
          onChange={(event) => change({ mayPause: event.currentTarget.checked })}
          disabled={disabled}
        />
        <Checkbox
          size="xs"
          label="It stays with a case to which it does not apply any more"
          checked={item.sticky}
          onChange={(event) => change({ sticky: event.currentTarget.checked })}
          disabled={disabled}
        />
      </Group>
      <Levels of={of} place={place} levels={item.levels} change={(levels) => change({ levels })} declined={declined} disabled={disabled} />
      {!disabled && (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" leftSection={<Copy size={14} aria-hidden />} onClick={copy}>
            Another one like it
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" leftSection={<Trash2 size={14} aria-hidden />} onClick={remove}>
            Delete this promise
          </Button>
        </Group>
      )}
    </div>
  );
}

/** Whether something that only the details show is wrong with an item. */
export function isFoundInDetails(declined: Declined[], place: number): boolean {
  return ["name", "kpi", "applicableWhen", "successWhen", "pauseWhen", "levels"].some((field) => isFoundAt(declined, "items", place, field));
}

interface OptionalProps {
  title: string;
  without: string;
  of: string;
  condition: Condition | null;
  change: (condition: Condition | null) => void;
  known: Known;
  wrong: string | undefined;
  disabled: boolean;
}

function Optional({ title, without, of, condition, change, known, wrong, disabled }: OptionalProps) {
  return (
    <fieldset className={css.levels}>
      <legend>{title}</legend>
      {condition ? (
        <>
          <ConditionEditor group={condition} change={change} known={known} disabled={disabled} />
          {!disabled && (
            <Button size="compact-xs" variant="subtle" color="gray" leftSection={<X size={13} aria-hidden />} aria-label={`${of}, ${title.toLowerCase()}: say nothing of it`} onClick={() => change(null)}>
              Say nothing of it
            </Button>
          )}
        </>
      ) : (
        <Group gap="sm">
          <span className={css.quiet}>{without}</span>
          {!disabled && (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<Plus size={13} aria-hidden />}
              aria-label={`${of}, ${title.toLowerCase()}: say when`}
              onClick={() => change({ kind: "group", how: "all", parts: [newTest()] })}
            >
              Say when
            </Button>
          )}
        </Group>
      )}
      <Wrong text={wrong} />
    </fieldset>
  );
}
