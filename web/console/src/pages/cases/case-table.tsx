/** Cases in rows; on a narrow screen each becomes a card of the same things. */

import { Table, Text } from "@mantine/core";
import { Link } from "wouter";
import type { CaseRowFragment } from "../../gql/graphql";
import { PriorityTag, StatusTag } from "../../look/tag";
import { Countdown } from "../../parts/countdown";
import { brief, inFull } from "../../words/times";
import css from "./cases.module.css";

export function CaseTable({ cases }: { cases: CaseRowFragment[] }) {
  return (
    <Table className={css.table} highlightOnHover highlightOnHoverColor="var(--hover)">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Case</Table.Th>
          <Table.Th>Customer</Table.Th>
          <Table.Th>Priority</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Due</Table.Th>
          <Table.Th>Owner</Table.Th>
          <Table.Th>Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {cases.map((one) => (
          <Row key={one.id} case={one} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ case: one }: { case: CaseRowFragment }) {
  const clock = one.slaKpiInstances.nodes[0];
  return (
    <Table.Tr>
      <Table.Td className={css.what}>
        <Link href={`/cases/${one.number}`} className={css.title}>
          {one.title}
        </Link>
        <Text c="dimmed" size="xs" className="number">
          {one.number}
        </Text>
      </Table.Td>
      <Table.Td className={css.customer}>{one.customer?.name ?? "–"}</Table.Td>
      <Table.Td>
        <PriorityTag priority={one.priority} />
      </Table.Td>
      <Table.Td>
        <StatusTag status={one.status} reason={one.statusReason} />
      </Table.Td>
      <Table.Td className={css.due}>{clock && one.status === "ACTIVE" ? <Countdown kpi={clock.kpi} countdown={clock.countdown} compact /> : <Text c="dimmed">–</Text>}</Table.Td>
      <Table.Td className={css.owner}>
        {one.owner?.name ?? <Text span c="dimmed">{one.team ? `${one.team.name} (team)` : "Nobody"}</Text>}
      </Table.Td>
      <Table.Td className={`${css.changed}`}>
        <Text span c="dimmed" size="sm" className="number" title={inFull(one.updatedAt)}>
          {brief(one.updatedAt)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
