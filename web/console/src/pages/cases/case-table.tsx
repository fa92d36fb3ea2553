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
  tick: (ids: string[], on: boolean) => void;
}

export function CaseTable({ cases, ticked, tick }: Props) {
  const all = cases.every((one) => ticked.has(one.id));
  return (
    <Table className={css.table} highlightOnHover highlightOnHoverColor="var(--hover)">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>
            <Checkbox
              size="xs"
              aria-label="Tick all on this page"
              checked={all}
              indeterminate={!all && cases.some((one) => ticked.has(one.id))}
              onChange={() => tick(cases.map((one) => one.id), !all)}
            />
          </Table.Th>
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
          <Row key={one.id} case={one} ticked={ticked.has(one.id)} tick={(on) => tick([one.id], on)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ case: one, ticked, tick }: { case: CaseRowFragment; ticked: boolean; tick: (on: boolean) => void }) {
  const clock = one.slaKpiInstances.nodes[0];
  return (
    <Table.Tr data-ticked={ticked || undefined}>
      <Table.Td className={css.tick}>
        <Checkbox size="xs" aria-label={`Tick ${one.number}`} checked={ticked} onChange={(event) => tick(event.currentTarget.checked)} />
      </Table.Td>
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
      <Table.Td className={css.changed}>
        <Text span c="dimmed" size="sm" className="number" title={inFull(one.updatedAt)}>
          {brief(one.updatedAt)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
