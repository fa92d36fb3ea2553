/** Steps of escalation of a promise: when, and what is done then. */

import { ActionIcon, Autocomplete, Button, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import type { SlaDeed } from "../../gql/graphql";
import type { Declined } from "../../graph/act";
import { useSession } from "../../session/viewer";
import { options } from "../../words/labels";
import { findingsAt } from "./findings";
import { DEED_WORDS, type Level, newLevel } from "./policy";
import { Wrong } from "./target";
import css from "./promises.module.css";

interface Props {
  of: string;
  place: number;
  levels: Level[];
  change: (levels: Level[]) => void;
  declined: Declined[];
  disabled: boolean;
}

const WHENS: Record<Level["when"], string> = { percent: "percent of it", before: "minutes before its end", after: "minutes after its end" };

export function Levels({ of, place, levels, change, declined, disabled }: Props) {
  const { teams } = useSession();
  const set = (number: number, part: Partial<Level>) => change(levels.map((level, at) => (at === number ? { ...level, ...part } : level)));
  return (
    <fieldset className={css.levels}>
      <legend>Escalation</legend>
      {levels.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing is done beside warning and telling.
        </Text>
      )}
      {levels.map((level, number) => {
        const finding = findingsAt(declined, "items", place, "levels", number);
        const name = level.name || `level ${number + 1}`;
        return (
          <div key={number} className={css.level}>
            <div>
              <TextInput
                size="xs"
                aria-label={`${of}: name of ${name}`}
                placeholder="Name"
                value={level.name}
                onChange={(event) => set(number, { name: event.currentTarget.value })}
                error={Boolean(finding("name"))}
                disabled={disabled}
              />
              <Wrong text={finding("name")} />
            </div>
            <div>
              <span className={css.target}>
                <NumberInput
                  size="xs"
                  w={76}
                  min={level.when === "percent" ? 1 : 0}
                  allowDecimal={false}
                  aria-label={`${of}: ${name}, at`}
                  value={level.count}
                  onChange={(count) => set(number, { count: Number(count) || 0 })}
                  error={Boolean(finding("percent") ?? finding("offsetMinutes"))}
                  disabled={disabled}
                />
                <Select
                  size="xs"
                  w={172}
                  aria-label={`${of}: ${name}, counted in`}
                  data={options(WHENS)}
                  value={level.when}
                  onChange={(when) => when && set(number, { when })}
                  allowDeselect={false}
                  disabled={disabled}
                />
              </span>
              <Wrong text={finding("percent") ?? finding("offsetMinutes") ?? finding()} />
            </div>
            <div>
              <span className={css.target}>
                <Select
                  size="xs"
                  w={150}
                  aria-label={`${of}: ${name}, what is done`}
                  data={options(DEED_WORDS)}
                  value={level.deed}
                  onChange={(deed) => deed && set(number, { deed: deed as SlaDeed })}
                  allowDeselect={false}
                  disabled={disabled}
                />
                {level.deed !== "RAISE_PRIORITY" && (
                  <Autocomplete
                    size="xs"
                    className={css.whom}
                    aria-label={`${of}: ${name}, whom`}
                    placeholder={PLACEHOLDERS[level.deed]}
                    data={level.deed === "WEBHOOK" ? [] : teams.map((team) => team.name)}
                    value={level.to}
                    onChange={(to) => set(number, { to })}
                    error={Boolean(finding("to"))}
                    disabled={disabled}
                  />
                )}
              </span>
              <Wrong text={finding("to") ?? finding("deed")} />
            </div>
            {!disabled && (
              <ActionIcon variant="subtle" color="gray" aria-label={`${of}: take ${name} away`} onClick={() => change(levels.filter((_, at) => at !== number))}>
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            )}
          </div>
        );
      })}
      {!disabled && (
        <Button size="compact-xs" variant="subtle" leftSection={<Plus size={13} aria-hidden />} aria-label={`${of}: add a level`} onClick={() => change([...levels, newLevel()])}>
          Level
        </Button>
      )}
    </fieldset>
  );
}

const PLACEHOLDERS: Record<SlaDeed, string> = {
  NOTIFY: "Who has the case",
  ASSIGN: "A team, or an e-mail address",
  WEBHOOK: "Its name or address",
  RAISE_PRIORITY: "",
};
