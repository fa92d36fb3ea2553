/** Cases in rows; on a narrow screen each becomes a card of the same things. */

import { Checkbox, Table, Text } from "@mantine/core";
import { Link } from "wouter";
import type { CaseRowFragment } from "../../gql/graphql";
import { PriorityTag, StatusTag } from "../../look/tag";
import { Countdown } from "../../parts/countdown";
import { brief, inFull } from "../../words/times";
import css from "./cases.module.css";

interface Props {
  cases: CaseRowFragment[];
  ticked: ReadonlySet<string>;
  /** Left out where nothing can be done with many. */
  tick?: ((ids: string[], on: boolean) => void) | undefined;
}

export function CaseTable({ cases, ticked, tick }: Props) {
  const all = cases.every((one) => ticked.has(one.id));
  return (
    <Table className={css.table} highlightOnHover highlightOnHoverColor="var(--hover)">
      <Table.Thead>
        <Table.Tr>
          {tick && (
            <Table.Th className={css.tick}>
              <Checkbox
                size="xs"
                aria-label="Tick all on this page"
                checked={all}
                indeterminate={!all && cases.some((one) => ticked.has(one.id))}
                onChange={() => tick(cases.map((one) => one.id), !all)}
              />
            </Table.Th>
          )}
          <Table.Th className={css.what}>Case</Table.Th>
          <Table.Th className={css.customer}>Customer</Table.Th>
          <Table.Th className={css.priority}>Priority</Table.Th>
          <Table.Th className={css.status}>Status</Table.Th>
          <Table.Th className={css.due}>Due</Table.Th>
          <Table.Th className={css.owner}>Owner</Table.Th>
          <Table.Th className={css.changed}>Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cases.map((one) => (
          <Row key={one.id} case={one} ticked={ticked.has(one.id)} tick={tick && ((on) => tick([one.id], on))} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RowProps {
  case: CaseRowFragment;
  ticked: boolean;
  tick: ((on: boolean) => void) | undefined;
}

function Row({ case: one, ticked, tick }: RowProps) {
  const clock = one.slaKpiInstances.nodes[0];
  return (
    <Table.Tr data-ticked={ticked || undefined}>
      {tick && (
        <Table.Td className={css.tick}>
          <Checkbox size="xs" aria-label={`Tick ${one.number}`} checked={ticked} onChange={(event) => tick(event.currentTarget.checked)} />
        </Table.Td>
      )}
      <Table.Td className={css.what}>
        <Link href={`/cases/${one.number}`} className={css.title}>
          {one.title}
        </Link>
        <Text c="dimmed" size="xs" className="number">
          {one.number}
        </Text>
      </Table.Td>
      <Table.Td className={css.customer}>{one.customer?.name ?? "–"}</Table.Td>
      <Table.Td className={css.priority}>
        <PriorityTag priority={one.priority} />
      </Table.Td>
      <Table.Td className={css.status}>
        <StatusTag status={one.status} reason={one.statusReason} />
      </Table.Td>
      <Table.Td className={css.due}>{clock && one.status === "ACTIVE" ? <Countdown kpi={clock.kpi} countdown={clock.countdown} compact /> : <Text c="dimmed" visibleFrom="sm">–</Text>}</Table.Td>
      <Table.Td className={css.owner}>
        {one.owner?.name ?? <Text span c="dimmed">{one.team ? `${one.team.name} (team)` : "Nobody"}</Text>}
      </Table.Td>
      <Table.Td className={css.changed}>
        <Text span c="dimmed" size="sm" className="number" title={inFull(one.updatedAt)}>
          {brief(one.updatedAt)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
