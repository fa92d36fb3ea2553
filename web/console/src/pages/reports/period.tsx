/** The days that the figures are about; they stand in the address. */

import { Button, Group, TextInput } from "@mantine/core";
import { useCallback } from "react";
import { useSearchParams } from "wouter";
import css from "./reports.module.css";

export interface Period {
  from: string;
  to: string;
}

const SPANS = [7, 30, 90];

export function day(apart: number): string {
  return new Date(Date.now() + apart * 86_400_000).toISOString().slice(0, 10);
}

export function usePeriod(): [Period, (period: Period) => void] {
  const [said, setSaid] = useSearchParams();
  const period = { from: said.get("from") ?? day(-29), to: said.get("to") ?? day(0) };
  const change = useCallback(
    ({ from, to }: Period) =>
      setSaid((before) => {
        const after = new URLSearchParams(before);
        after.set("from", from);
        after.set("to", to);
        return after;
      }),
    [setSaid],
  );
  return [period, change];
}

export function ChoosePeriod({ period, change }: { period: Period; change: (period: Period) => void }) {
  return (
    <Group gap={8} align="flex-end">
      <Button.Group>
        {SPANS.map((days) => {
          const span = { from: day(1 - days), to: day(0) };
          const chosen = span.from === period.from && span.to === period.to;
          return (
            <Button key={days} variant={chosen ? "light" : "default"} aria-pressed={chosen} onClick={() => change(span)}>
              {days} days
            </Button>
          );
        })}
      </Button.Group>
      <TextInput
        className={css.date}
        size="xs"
        type="date"
        aria-label="From"
        value={period.from}
        max={period.to}
        onChange={(event) => event.currentTarget.value && change({ ...period, from: event.currentTarget.value })}
      />
      <TextInput
        className={css.date}
        size="xs"
        type="date"
        aria-label="To, inclusive"
        value={period.to}
        min={period.from}
        onChange={(event) => event.currentTarget.value && change({ ...period, to: event.currentTarget.value })}
      />
    </Group>
  );
}
