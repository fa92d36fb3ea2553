/** Days unlike the week: closed, or open at other hours; on dates, or coming back. */

import { ActionIcon, Button, Select, Text, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { options } from "../../words/labels";
import { type Holiday, HOW_WORDS, type How, newHoliday, ruleWord } from "./hours";
import { Spans } from "./spans";
import { Wrong } from "./target";
import css from "./promises.module.css";

interface Props {
  holidays: Holiday[];
  change: (holidays: Holiday[]) => void;
  /** What is wrong with one of them. */
  wrong: (place: number) => string | undefined;
  disabled: boolean;
}

export function Holidays({ holidays, change, wrong, disabled }: Props) {
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
          <div>
            <TextInput
              size="xs"
              aria-label="Name of the holiday"
              placeholder="Name"
              value={one.name}
              onChange={(event) => set(place, { name: event.currentTarget.value })}
              disabled={disabled}
            />
            <Wrong text={wrong(place)} />
          </div>
          <When one={one} set={(changed) => set(place, changed)} disabled={disabled} />
          {one.kept.closed ? (
            <Text size="sm" c="dimmed">
              Closed {(one.kept.closed as [string, string][]).map(([from, to]) => `${from}–${to}`).join(", ")}
            </Text>
          ) : (
            <Spans
              of={one.name || "Holiday"}
              spans={one.hours}
              change={(hours) => set(place, { hours })}
              closedWord="Closed all day"
              disabled={disabled}
            />
          )}
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

function When({ one, set, disabled }: { one: Holiday; set: (changed: Partial<Holiday>) => void; disabled: boolean }) {
  const name = one.name || "the holiday";
  return (
    <div className={css.dates}>
      <Select
        size="xs"
        w={118}
        aria-label={`How ${name} comes`}
        data={options(HOW_WORDS)}
        value={one.how}
        onChange={(how) => how && set({ how: how as How, ...(how === "days" && one.through < one.date ? { through: one.date } : {}) })}
        allowDeselect={false}
        disabled={disabled}
      />
      {one.how === "rule" ? (
        <TextInput
          size="xs"
          className={css.rule}
          aria-label={`Rule of ${name}`}
          placeholder="FREQ=MONTHLY;BYDAY=1MO"
          description={one.rule ? ruleWord(one.rule) : "As calendars write it, RFC 5545"}
          inputWrapperOrder={["input", "description"]}
          value={one.rule}
          onChange={(event) => set({ rule: event.currentTarget.value.trim() })}
          disabled={disabled}
        />
      ) : (
        <TextInput
          size="xs"
          type="date"
          aria-label={`Date of ${name}`}
          value={one.date}
          onChange={(event) => set({ date: event.currentTarget.value })}
          disabled={disabled}
        />
      )}
      {one.how === "days" && (
        <TextInput
          size="xs"
          type="date"
          aria-label={`Last day of ${name}`}
          value={one.through}
          onChange={(event) => set({ through: event.currentTarget.value })}
          disabled={disabled}
        />
      )}
    </div>
  );
}
