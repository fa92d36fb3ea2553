import { ActionIcon, Button, Group, Menu, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { CornerUpLeft, Ellipsis, Hand, Route, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { PickItemDocument, type QueuePageQuery, ReleaseItemDocument, RemoveItemDocument } from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { PriorityTag } from "../../look/tag";
import { Countdown } from "../../parts/countdown";
import { useSession } from "../../session/viewer";
import { brief, inFull } from "../../words/times";
import { tell } from "../case/use-case-act";
import { RouteDialog } from "./route-dialog";
import css from "./queues.module.css";

export type Item = NonNullable<QueuePageQuery["queue"]>["items"]["nodes"][number];

export function QueueTable({ items, refresh }: { items: Item[]; refresh: () => void }) {
  const [routed, setRouted] = useState<Item | null>(null);
  return (
    <>
      <Table className={css.table} highlightOnHover highlightOnHoverColor="var(--hover)">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Case</Table.Th>
            <Table.Th>Priority</Table.Th>
            <Table.Th>Due</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th>
              <span className="visually-hidden">What can be done</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} refresh={refresh} route={() => setRouted(item)} />
          ))}
        </Table.Tbody>
      </Table>
      <RouteDialog key={routed?.id} item={routed} close={() => setRouted(null)} />
    </>
  );
}

function Row({ item, refresh, route }: { item: Item; refresh: () => void; route: () => void }) {
  const { may, viewer } = useSession();
  const [, go] = useLocation();
  const pick = useAct(PickItemDocument);
  const release = useAct(ReleaseItemDocument);
  const remove = useAct(RemoveItemDocument);
  const said = [...pick.declined, ...release.declined, ...remove.declined];
  useEffect(() => {
    tell(said);
    if (said.length) refresh();
  }, [said.map((one) => one.message).join()]);
  const one = item.case;
  if (!one) return null;
  const clock = one.slaKpiInstances.nodes[0];
  const onCase = { caseId: one.id, expectedVersion: one.version };
  return (
    <Table.Tr>
      <Table.Td className={css.what}>
        <Link href={`/cases/${one.number}`} className={css.title}>
          {one.title}
        </Link>
        <Text size="xs" c="dimmed" className="number" truncate>
          {one.number} · {one.customer?.name}
          {item.unassigned ? ` · ${item.unassigned}` : ""}
        </Text>
      </Table.Td>
      <Table.Td>
        <PriorityTag priority={item.priority} />
      </Table.Td>
      <Table.Td>{clock ? <Countdown kpi={clock.kpi} countdown={clock.countdown} compact /> : "–"}</Table.Td>
      <Table.Td>
        <Text span size="sm" c="dimmed" title={inFull(item.enteredAt)}>
          {item.worker ? `${item.worker.name}, ${brief(item.workedSince ?? item.enteredAt)}` : brief(item.enteredAt)}
        </Text>
      </Table.Td>
      <Table.Td className={css.acts}>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          {item.state === "AVAILABLE" && may("pickQueueItem") && (
            <Button
              size="compact-sm"
              leftSection={<Hand size={14} aria-hidden />}
              loading={pick.busy}
              onClick={async () => {
                if (!(await pick.run(onCase))) return;
                notifications.show({ message: `${one.number} is yours.`, color: "green" });
                go(`/cases/${one.number}`);
              }}
            >
              Pick
            </Button>
          )}
          {item.state === "PICKED" && may("releaseQueueItem") && (item.worker?.id === viewer.person?.id || may("saveQueue")) && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<CornerUpLeft size={14} aria-hidden />}
              loading={release.busy}
              onClick={() => release.run(onCase)}
            >
              Release
            </Button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`More about ${one.number}`}>
                <Ellipsis size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {may("routeQueueItem") && (
                <Menu.Item leftSection={<Route size={14} aria-hidden />} onClick={route}>
                  Send on…
                </Menu.Item>
              )}
              {may("removeFromQueue") && (
                <Menu.Item leftSection={<X size={14} aria-hidden />} onClick={() => remove.run(onCase)}>
                  Take out of the queue
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
