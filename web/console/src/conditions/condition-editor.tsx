/** A condition as a tree: what is asked of a case, and how the answers go together. */

import { ActionIcon, Button, Select } from "@mantine/core";
import { FolderPlus, Plus, Trash2 } from "lucide-react";
import { options } from "../words/labels";
import { asking, type Group, HOW_WORDS, keptWord, newTest, type Part, type Test } from "./condition";
import { FIELDS, fieldOf, type FieldName, opsOf, opWord } from "./fields";
import { ValueField } from "./value-field";
import type { Known } from "./use-choices";
import css from "./conditions.module.css";

/** How deep groups stand within each other; the API takes no more. */
const DEEPEST = 2;

interface Props {
  group: Group;
  change: (group: Group) => void;
  known: Known;
  disabled: boolean;
  depth?: number;
  remove?: () => void;
}

export function ConditionEditor({ group, change, known, disabled, depth = 0, remove }: Props) {
  const set = (place: number, part: Part | null) =>
    change({ ...group, parts: group.parts.flatMap((each, at) => (at !== place ? [each] : part ? [part] : [])) });
  const add = (part: Part) => change({ ...group, parts: [...group.parts, part] });
  return (
    <div className={`${css.group} ${depth ? css.inner : ""}`} role="group" aria-label={depth ? "Conditions within" : "Conditions"}>
      {(depth > 0 || group.parts.length > 1 || group.how !== "all") && (
        <div className={css.groupHead}>
          <Select
            className={css.how}
            size="xs"
            aria-label="How these go together"
            data={options(HOW_WORDS)}
            value={group.how}
            onChange={(how) => how && change({ ...group, how })}
            allowDeselect={false}
            disabled={disabled}
          />
          {remove && !disabled && <Remove word="Take away this group" act={remove} />}
        </div>
      )}
      {group.parts.map((part, place) =>
        part.kind === "group" ? (
          <ConditionEditor
            key={place}
            group={part}
            change={(changed) => set(place, changed)}
            known={known}
            disabled={disabled}
            depth={depth + 1}
            remove={() => set(place, null)}
          />
        ) : part.kind === "kept" ? (
          <div key={place} className={css.kept}>
            <span>{keptWord(part.stored)} (said through the API)</span>
            {!disabled && <Remove word="Take away this condition" act={() => set(place, null)} />}
          </div>
        ) : (
          <TestRow key={place} test={part} change={(changed) => set(place, changed)} known={known} disabled={disabled} remove={() => set(place, null)} />
        ),
      )}
      {!disabled && (
        <div className={css.adds}>
          <Button size="compact-sm" variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={() => add(newTest())}>
            Add a condition
          </Button>
          {depth < DEEPEST && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<FolderPlus size={14} aria-hidden />}
              onClick={() => add({ kind: "group", how: "any", parts: [newTest()] })}
            >
              Add a group
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface TestProps {
  test: Test;
  change: (test: Test) => void;
  known: Known;
  disabled: boolean;
  remove: () => void;
}

const NAMES = (Object.keys(FIELDS) as FieldName[]).map((name) => ({ value: name, label: FIELDS[name].word }));

function TestRow({ test, change, known, disabled, remove }: TestProps) {
  const of = fieldOf(test.field);
  return (
    <div className={css.test}>
      <div>
        <Select
          size="xs"
          aria-label="What is asked"
          data={NAMES}
          value={test.field}
          onChange={(field) => field && change(asking(field, test.op))}
          searchable
          allowDeselect={false}
          disabled={disabled}
        />
      </div>
      <div>
        <Select
          size="xs"
          aria-label={`How ${of.word} is compared`}
          data={opsOf(of).map((op) => ({ value: op, label: opWord(op, of) }))}
          value={test.op}
          onChange={(op) => op && change(asking(test.field, op, test.value))}
          allowDeselect={false}
          disabled={disabled}
        />
      </div>
      <div className={css.value}>
        <ValueField test={test} change={(value) => change({ ...test, value })} known={known} disabled={disabled} />
      </div>
      {disabled ? <span /> : <Remove word={`Take away ${of.word}`} act={remove} />}
    </div>
  );
}

function Remove({ word, act }: { word: string; act: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={word} onClick={act}>
      <Trash2 size={15} aria-hidden />
    </ActionIcon>
  );
}
