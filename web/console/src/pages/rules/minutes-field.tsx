/** A span of minutes, said in minutes, hours or days. */

import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useId, useState } from "react";

const UNITS = [
  { value: "1", label: "minutes" },
  { value: "60", label: "hours" },
  { value: "1440", label: "days" },
];

interface Props {
  label: string;
  value: string;
  onChange: (minutes: string) => void;
  /** Among other fields of a line, where the label is only read out. */
  bare?: boolean;
  error?: string | undefined;
  disabled?: boolean;
}

export function MinutesField({ label, value, onChange, bare, error, disabled }: Props) {
  const id = useId();
  const [unit, setUnit] = useState(() => UNITS.findLast((one) => value && Number(value) % Number(one.value) === 0)?.value ?? "60");
  const count = value === "" ? "" : Number(value) / Number(unit);
  const field = (
    <Group gap={6} wrap="nowrap">
      <NumberInput
        id={id}
        {...(bare ? { "aria-label": label } : {})}
        size={bare ? "xs" : "sm"}
        w={92}
        min={1}
        allowDecimal={false}
        value={count}
        onChange={(next) => onChange(next === "" ? "" : String(Number(next) * Number(unit)))}
        error={Boolean(error)}
        disabled={disabled}
      />
      <Select
        aria-label={`${label}, unit`}
        size={bare ? "xs" : "sm"}
        w={112}
        data={UNITS}
        value={unit}
        onChange={(next) => {
          if (!next) return;
          setUnit(next);
          if (count !== "") onChange(String(Math.max(1, Math.round(count)) * Number(next)));
        }}
        allowDeselect={false}
        disabled={disabled}
      />
    </Group>
  );
  return bare ? (
    field
  ) : (
    <Input.Wrapper id={id} label={label} error={error}>
      {field}
    </Input.Wrapper>
  );
}
