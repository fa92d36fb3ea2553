/** How long something may take: an amount and its unit, with what is wrong about it beneath. */

import { NumberInput, Select, Text } from "@mantine/core";
import type { SlaUnit } from "../../gql/graphql";
import { type Amount, UNITS } from "./policy";
import css from "./promises.module.css";

interface Props {
  of: string;
  value: Amount;
  change: (value: Amount) => void;
  error: string | undefined;
  disabled: boolean;
}

export function Target({ of, value, change, error, disabled }: Props) {
  return (
    <div>
      <span className={css.target}>
        <NumberInput
          size="xs"
          w={76}
          min={1}
          allowDecimal={false}
          aria-label={of}
          value={value.amount}
          onChange={(amount) => change({ ...value, amount: Number(amount) || 1 })}
          error={Boolean(error)}
          disabled={disabled}
        />
        <Select
          size="xs"
          w={94}
          aria-label={`${of}, unit`}
          data={(Object.keys(UNITS) as SlaUnit[]).map((unit) => ({ value: unit, label: UNITS[unit] }))}
          value={value.unit}
          onChange={(unit) => unit && change({ ...value, unit })}
          allowDeselect={false}
          disabled={disabled}
        />
      </span>
      <Wrong text={error} />
    </div>
  );
}

export function Wrong({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <Text size="xs" c="var(--mantine-color-error)" role="alert">
      {text}
    </Text>
  );
}
