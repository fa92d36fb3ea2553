/** What the case is entitled to, and what is left of it. */

import { Progress, Text } from "@mantine/core";
import { dayOf } from "../../../words/times";
import { sentence } from "../../../words/labels";
import { useShown } from "../use-case-act";
import css from "../case.module.css";

export function Contract() {
  const { case: one } = useShown();
  const contract = one.entitlement;
  const balance = contract?.balances.at(-1);
  const total = Number(contract?.total ?? 0);
  const left = Number(balance?.available ?? 0);
  return (
    <section className={`panel ${css.box}`} aria-label="Entitlement">
      <h2 className={css.boxTitle}>Entitlement</h2>
      {!contract ? (
        <Text c="dimmed" size="sm">
          None is applied.
        </Text>
      ) : (
        <>
          <Text size="sm" fw={560}>
            {contract.name}
          </Text>
          <Text size="xs" c="dimmed" mb={6}>
            {sentence(contract.state)} until {dayOf(contract.endsOn)}
            {one.decrementWaived ? " · this case takes nothing" : ""}
          </Text>
          {contract.allocation !== "COVERAGE" && balance && (
            <>
              <Progress value={total > 0 ? (left / total) * 100 : 0} size={6} aria-label="What is left" />
              <Text size="xs" c="dimmed" mt={4} className="number">
                {balance.available} of {contract.total} {contract.allocation === "HOURS" ? "hours" : "cases"} left
              </Text>
            </>
          )}
        </>
      )}
    </section>
  );
}
