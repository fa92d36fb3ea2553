/** What is left of a contract, as bars: used, held and free, of what there was. */

import { Text } from "@mantine/core";
import type { BalanceFragment, EntitlementAllocation } from "../../gql/graphql";
import { ORIGIN_WORDS } from "../../words/labels";
import { dateWord, quantity, unitOf } from "./entitlement-words";
import css from "./entitlements.module.css";

/** The balance of the period that is now, or else of the one that was last. */
export function current(balances: BalanceFragment[], today = new Date().toISOString().slice(0, 10)): BalanceFragment | undefined {
  const whole = balances.filter((one) => one.channel === null);
  return whole.find((one) => one.pool <= today && today <= one.endsOn) ?? whole.at(-1);
}

export function Bar({ balance, allocation }: { balance: BalanceFragment; allocation: EntitlementAllocation }) {
  const had = Number(balance.granted) + Number(balance.rolledOver) + Number(balance.adjusted) - Math.abs(Number(balance.expired));
  const whole = Math.max(had, Number(balance.used) + Number(balance.reserved), 0.01);
  const share = (part: string) => `${Math.max(0, Math.min(100, (Number(part) / whole) * 100))}%`;
  const left = Number(balance.available);
  return (
    <div>
      <div
        className={css.bar}
        role="img"
        aria-label={`${quantity(balance.used)} used, ${quantity(balance.reserved)} held, ${quantity(left)} of ${quantity(had)} ${unitOf(allocation)} left`}
      >
        <span className={css.used} style={{ width: share(balance.used) }} />
        <span className={css.held} style={{ width: share(balance.reserved) }} />
        <span className={css.left} data-low={left <= whole * 0.1 || undefined} style={{ width: share(String(Math.max(0, left))) }} />
      </div>
      <Text size="xs" className={`number ${left < 0 ? css.below : ""}`}>
        {quantity(left)} of {quantity(had)} {unitOf(allocation)} left
        {Number(balance.reserved) > 0 && `, ${quantity(balance.reserved)} held`}
        {Number(balance.billed) > 0 && `, ${quantity(balance.billed)} billed`}
      </Text>
    </div>
  );
}

/** Every period and every channel's share of it, the period that is now first. */
export function Bars({ balances, allocation }: { balances: BalanceFragment[]; allocation: EntitlementAllocation }) {
  const now = current(balances);
  const pools = [...new Set(balances.map((one) => one.pool))].sort((one, other) => Number(other === now?.pool) - Number(one === now?.pool) || other.localeCompare(one));
  return (
    <div className={css.bars}>
      {pools.map((pool) => {
        const ofPool = balances.filter((one) => one.pool === pool);
        const whole = ofPool.find((one) => one.channel === null);
        return (
          <div key={pool} className={css.pool}>
            <Text size="xs" c="dimmed">
              {dateWord(pool)} – {whole && dateWord(whole.endsOn)}
              {whole?.utilisationPercent != null && `, ${whole.utilisationPercent} % used`}
            </Text>
            {whole && <Bar balance={whole} allocation={allocation} />}
            {ofPool
              .filter((one) => one.channel !== null)
              .map((one) => (
                <div key={one.channel} className={css.share}>
                  <Text size="xs">{one.channel && ORIGIN_WORDS[one.channel]}</Text>
                  <Bar balance={one} allocation={allocation} />
                </div>
              ))}
          </div>
        );
      })}
    </div>
  );
}
