/** One thing that a rule does. */

import { ActionIcon, Button, Select, Text, Textarea, TextInput } from "@mantine/core";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { Choice, Known } from "../../conditions/use-choices";
import { CHANGES, type Change, type ChangeField, type Deed, type DeedKind, DEEDS, newDeed, reasonsBeside, settable } from "./deeds";
import { options } from "../../words/labels";
import { MinutesField } from "./minutes-field";
import css from "./rules.module.css";

interface Props {
  deed: Deed;
  number: number;
  change: (deed: Deed) => void;
  known: Known;
  disabled: boolean;
  error: string | undefined;
  remove: (() => void) | undefined;
  move: { up?: () => void; down?: () => void };
}

export function DeedEditor({ deed, number, change, known, disabled, error, remove, move }: Props) {
  return (
    <li className={css.deed}>
      <div className={css.deedHead}>
        <Select
          size="xs"
          aria-label={`Deed ${number}`}
          data={options(DEEDS)}
          value={deed.kind}
          onChange={(kind) => kind && change(newDeed(kind))}
          allowDeselect={false}
          disabled={disabled}
          className={css.kind}
        />
        {!disabled && (
          <span className={css.deedActs}>
            <Act word={`Deed ${number} earlier`} icon={ArrowUp} act={move.up} />
            <Act word={`Deed ${number} later`} icon={ArrowDown} act={move.down} />
            <Act word={`Take away deed ${number}`} icon={Trash2} act={remove} />
          </span>
        )}
      </div>
      <Said deed={deed} number={number} change={change} known={known} disabled={disabled} />
      {error && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </li>
  );
}

function Act({ word, icon: Icon, act }: { word: string; icon: typeof ArrowUp; act: (() => void) | undefined }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={word} onClick={act} disabled={!act}>
      <Icon size={15} aria-hidden />
    </ActionIcon>
  );
}

function Said({ deed, number, change, known, disabled }: Pick<Props, "deed" | "number" | "change" | "known" | "disabled">) {
  const { choices } = known;
  const say = (said: string | null) => change({ ...deed, said: said ?? "" });
  const rows: Partial<Record<DeedKind, Choice[]>> = {
    statusReason: reasonsBeside(deed.said),
    assignPersonId: choices.person,
    assignTeamId: choices.team,
    queueId: choices.queue,
    slaPolicyId: choices.policy,
  };
  const list = rows[deed.kind];
  const label = `${DEEDS[deed.kind]}, of deed ${number}`;
  if (list) return <Select size="xs" aria-label={label} placeholder="Which" data={withChosen(list, deed.said, known)} value={deed.said || null} onChange={say} searchable disabled={disabled} />;
  if (deed.kind === "set") return <Changes deed={deed} change={change} known={known} disabled={disabled} />;
  if (deed.kind === "comment") {
    return <Textarea size="xs" aria-label={label} autosize minRows={2} value={deed.said} onChange={(event) => say(event.currentTarget.value)} disabled={disabled} />;
  }
  if (deed.kind === "escalate") return <TextInput size="xs" aria-label={label} maxLength={500} value={deed.said} onChange={(event) => say(event.currentTarget.value)} disabled={disabled} />;
  if (deed.kind !== "notify") return null;
  const whom = [
    { group: "Teams", items: choices.team },
    { group: "People", items: withChosen(choices.person, choices.team.some((one) => one.value === deed.whom) ? "" : deed.whom, known) },
  ];
  return (
    <div className={css.notice}>
      <div>
        <Select
          size="xs"
          aria-label={`Whom deed ${number} tells`}
          placeholder="The owner"
          data={whom}
          value={deed.whom || null}
          onChange={(next) => change({ ...deed, whom: next ?? "" })}
          searchable
          clearable
          clearButtonProps={{ "aria-label": "The owner" }}
          disabled={disabled}
        />
      </div>
      <TextInput size="xs" aria-label={label} placeholder="What they are told" maxLength={500} value={deed.said} onChange={(event) => say(event.currentTarget.value)} disabled={disabled} />
    </div>
  );
}

/** The list, and what was chosen though it is not offered any more. */
function withChosen(list: Choice[], id: string, known: Known): Choice[] {
  return !id || list.some((one) => one.value === id) ? list : [...list, { value: id, label: known.nameOf(id) }];
}

function Changes({ deed, change, known, disabled }: Pick<Props, "deed" | "change" | "known" | "disabled">) {
  const all = Object.keys(CHANGES) as ChangeField[];
  const free = all.filter((field) => !deed.changes.some((one) => one.field === field));
  const set = (place: number, next: Change | null) =>
    change({ ...deed, changes: deed.changes.flatMap((one, at) => (at !== place ? [one] : next ? [next] : [])) });
  return (
    <>
      {deed.changes.map((one, place) => (
        <div key={place} className={css.change}>
          <div>
            <Select
              size="xs"
              aria-label={`Field ${place + 1} to set`}
              data={all.filter((field) => field === one.field || free.includes(field)).map((field) => ({ value: field, label: CHANGES[field].word }))}
              value={one.field}
              onChange={(field) => field && set(place, { field, value: "" })}
              allowDeselect={false}
              disabled={disabled}
            />
          </div>
          <div className={css.changeTo}>
            <ChangeValue key={one.field} one={one} say={(value) => set(place, { ...one, value })} known={known} disabled={disabled} />
          </div>
          {!disabled && deed.changes.length > 1 ? <Act word={`Leave ${settable(one.field).word} as it is`} icon={Trash2} act={() => set(place, null)} /> : <span />}
        </div>
      ))}
      {!disabled && free.length > 0 && (
        <div>
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<Plus size={14} aria-hidden />} onClick={() => change({ ...deed, changes: [...deed.changes, { field: free[0]!, value: "" }] })}>
            Another field
          </Button>
        </div>
      )}
    </>
  );
}

function ChangeValue({ one, say, known, disabled }: { one: Change; say: (value: string) => void; known: Known; disabled: boolean }) {
  const of = settable(one.field);
  const label = `${of.word} to set`;
  if (of.kind === "text") return <TextInput size="xs" aria-label={label} maxLength={200} value={one.value} onChange={(event) => say(event.currentTarget.value)} disabled={disabled} />;
  if (of.kind === "minutes") return <MinutesField bare label={label} value={one.value} onChange={say} disabled={disabled} />;
  const list = of.options ?? withChosen(known.choices[of.of!], one.value, known);
  return <Select size="xs" aria-label={label} placeholder="Which" data={list} value={one.value || null} onChange={(value) => say(value ?? "")} searchable={!of.options} disabled={disabled} />;
}
