/** Stretches of a day that are open. */

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import type { Open } from "./hours";
import css from "./promises.module.css";

interface Props {
  of: string;
  spans: Open[];
  change: (spans: Open[]) => void;
  closedWord: string;
  disabled: boolean;
}

export function Spans({ of, spans, change, closedWord, disabled }: Props) {
  const set = (place: number, changed: Partial<Open>) =>
    change(spans.map((span, at) => (at === place ? { ...span, ...changed } : span)));
  return (
    <div className={css.spans}>
      {spans.map((span, place) => (
        <span key={place} className={css.span}>
          <TextInput
            className={css.time}
            size="xs"
            aria-label={`${of}, open from`}
            placeholder="09:00"
            value={span.from}
            onChange={(event) => set(place, { from: event.currentTarget.value })}
            disabled={disabled}
          />
          –
          <TextInput
            className={css.time}
            size="xs"
            aria-label={`${of}, open until`}
            placeholder="17:00"
            value={span.to}
            onChange={(event) => set(place, { to: event.currentTarget.value })}
            disabled={disabled}
          />
          {!disabled && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`${of}: take ${span.from} to ${span.to} away`}
              onClick={() => change(spans.filter((_, at) => at !== place))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          )}
        </span>
      ))}
      {spans.length === 0 && <span style={{ fontSize: 13, color: "var(--mantine-color-dimmed)" }}>{closedWord}</span>}
      {!disabled && (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Plus size={13} aria-hidden />}
          aria-label={`${of}: add hours`}
          onClick={() => change([...spans, spans.length ? { from: "13:00", to: "17:00" } : { from: "09:00", to: "17:00" }])}
        >
          Hours
        </Button>
      )}
    </div>
  );
}
