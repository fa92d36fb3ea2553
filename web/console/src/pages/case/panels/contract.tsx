/** What the case is entitled to, and what is left of it. */

import { ActionIcon, Menu, Text } from "@mantine/core";
import { Coins, Ellipsis, FileCheck2 } from "lucide-react";
import { Link } from "wouter";
import { dayOf } from "../../../words/times";
import { sentence } from "../../../words/labels";
import { useSession } from "../../../session/viewer";
import { Bar, current } from "../../entitlements/bars";
import { useAsk } from "../acts/asking";
import { useShown } from "../use-case-act";
import css from "../case.module.css";

export function Contract() {
  const { case: one } = useShown();
  const contract = one.entitlement;
  const { may } = useSession();
  const balance = contract && current(contract.balances);
  return (
    <section className={`panel ${css.box}`} aria-label="Entitlement">
      <h2 className={css.boxTitle}>
        Entitlement
        <ContractActs />
      </h2>
      {!contract ? (
        <Text c="dimmed" size="sm">
          None is applied.
        </Text>
      ) : (
        <>
          <Text size="sm" fw={560}>
            {may("applyEntitlement") ? <Link href={`/entitlements/${contract.id}`}>{contract.name}</Link> : contract.name}
          </Text>
          <Text size="xs" c="dimmed" mb={6}>
            {sentence(contract.state)} until {dayOf(contract.endsOn)}
            {one.decrementWaived ? " · this case takes nothing" : ""}
          </Text>
          {contract.allocation !== "COVERAGE" && balance && <Bar balance={balance} allocation={contract.allocation} />}
        </>
      )}
    </section>
  );
}

function ContractActs() {
  const { case: one } = useShown();
  const { may } = useSession();
  const ask = useAsk();
  const spares = Boolean(one.entitlement) && may("setDecrementEntitlement");
  if (one.status !== "ACTIVE" || !may("applyEntitlement")) return null;
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Change the entitlement">
          <Ellipsis size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<FileCheck2 size={15} aria-hidden />} onClick={() => ask("entitlement")}>
          {one.entitlement ? "Another one, or none…" : "Apply one…"}
        </Menu.Item>
        {spares && (
          <Menu.Item leftSection={<Coins size={15} aria-hidden />} onClick={() => ask("decrement")}>
            {one.decrementWaived ? "Let it count…" : "Let it take nothing…"}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
