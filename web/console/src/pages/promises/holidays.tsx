/** Days unlike the week. */

import { ActionIcon, Button, Text, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { type Holiday, newHoliday, ruleWord } from "./hours";
import { Spans } from "./spans";
import css from "./promises.module.css";

interface Props {
  holidays: Holiday[];
  change: (holidays: Holiday[]) => void;
  disabled: boolean;
}

export function Holidays({ holidays, change, disabled }: Props) {
  const set = (place: number, changed: Partial<Holiday>) =>
    change(holidays.map((one, at) => (at === place ? { ...one, ...changed } : one)));
  return (
    <section className={`panel ${css.box}`} aria-label="Holidays">
      <h2>Holidays</h2>
      {holidays.length === 0 && (
        <Text size="sm" c="dimmed">
          Every week is like the other.
        </Text>
      )}
      {holidays.map((one, place) => (
        <div key={place} className={css.holiday}>
          <TextInput
            size="xs"
            aria-label="Name of the holiday"
            placeholder="Name"
            value={one.name}
            onChange={(event) => set(place, { name: event.currentTarget.value })}
            disabled={disabled}
          />
          {one.rule ? (
            <Text size="sm" c="dimmed">
              {ruleWord(one.rule)}
            </Text>
          ) : (
            <TextInput
              size="xs"
              type="date"
              aria-label={`Date of ${one.name || "the holiday"}`}
              value={one.date ?? ""}
              onChange={(event) => set(place, { date: event.currentTarget.value || null })}
              disabled={disabled}
            />
          )}
          <Spans
            of={one.name || "Holiday"}
            spans={one.hours}
            change={(hours) => set(place, { hours })}
            closedWord="Closed all day"
            disabled={disabled}
          />
          {!disabled ? (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Delete ${one.name || "the holiday"}`}
              onClick={() => change(holidays.filter((_, at) => at !== place))}
            >
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          ) : (
            <span />
          )}
        </div>
      ))}
      {!disabled && (
        <Button mt="sm" variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={() => change([...holidays, newHoliday()])}>
          Add a holiday
        </Button>
      )}
    </section>
  );
}
