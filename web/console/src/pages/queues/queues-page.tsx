/** What waits in a queue, most urgent and oldest first, and taking the next thing from it. */

import { Badge, Button, Group, SegmentedControl, Select, Text, Title } from "@mantine/core";
import { Inbox, Lock, Users } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link, useLocation } from "wouter";
import { QueuePageDocument, type QueueItemWhere } from "../../gql/graphql";
import { useQueueLive } from "../../live/live";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { WaitingRows } from "../cases/waiting-rows";
import { QueueTable } from "./queue-table";
import css from "./queues.module.css";

const PAGE = 50;
const SHOWN: Record<string, QueueItemWhere> = {
  waiting: { state: { eq: "AVAILABLE" } },
  picked: { state: { eq: "PICKED" } },
};

export default function QueuesPage({ id }: { id: string | undefined }) {
  const { queues } = useSession();
  const [, go] = useLocation();
  // chosen once: counts follow, and the page does not jump to another queue with them
  const [fullest] = useState(() => [...queues].sort((one, other) => (other.available.totalCount ?? 0) - (one.available.totalCount ?? 0))[0]);
  const chosen = id ?? fullest?.id;
  const [show, setShow] = useState("waiting");
  useEffect(() => {
    document.title = "Queues · Casegraph";
  }, []);
  if (!chosen) {
    return (
      <Nothing icon={Inbox} title="There is no queue">
        Those who lead can make some; routing rules send cases there.
      </Nothing>
    );
  }
  return (
    <div className={css.page}>
      <nav className={css.queues} aria-label="Queues">
        <h2 className={css.queuesTitle}>Queues</h2>
        {queues.map((queue) => (
          <Link
            key={queue.id}
            href={`/queues/${queue.id}`}
            className={css.queue}
            aria-current={queue.id === chosen ? "page" : undefined}
          >
            {queue.kind === "PRIVATE" ? <Lock size={14} aria-label="Private" /> : <Users size={14} aria-label="Public" />}
            <span className="cut">{queue.name}</span>
            <span className={css.count}>{queue.available.totalCount}</span>
          </Link>
        ))}
      </nav>
      <Select
        className={css.chooser}
        aria-label="Queue"
        data={queues.map((queue) => ({ value: queue.id, label: `${queue.name} (${queue.available.totalCount})` }))}
        value={chosen}
        onChange={(next) => next && go(`/queues/${next}`)}
        allowDeselect={false}
      />
      <Waiting key={`${chosen} ${show}`} id={chosen} show={show} setShow={setShow} />
    </div>
  );
}

function Waiting({ id, show, setShow }: { id: string; show: string; setShow: (show: string) => void }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const [{ data, error, fetching, stale }, again] = useQuery({
    query: QueuePageDocument,
    variables: { id, first: PAGE, after: cursors.at(-1) ?? null, where: SHOWN[show] ?? null },
    requestPolicy: "cache-and-network",
  });
  const refresh = useCallback(() => again({ requestPolicy: "network-only" }), [again]);
  useQueueLive(id, refresh);
  const queue = data?.queue;
  const members = queue?.members.nodes.map((one) => one.person?.name ?? one.team?.name).filter(Boolean) ?? [];
  return (
    <section className={css.main} aria-label={queue?.name ?? "Queue"} aria-busy={fetching || stale}>
      <Group justify="space-between" align="flex-end" mb="sm" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Title order={1}>{queue?.name ?? " "}</Title>
            {queue && !queue.active && <Badge color="gray">Not in use</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {[queue?.description, members.length ? `For ${members.slice(0, 3).join(", ")}${members.length > 3 ? "…" : ""}` : "For everybody"]
              .filter(Boolean)
              .join(" ")}
          </Text>
        </div>
        <SegmentedControl
          size="xs"
          value={show}
          onChange={setShow}
          aria-label="Which items"
          data={[
            { value: "waiting", label: "Waiting" },
            { value: "picked", label: "Being worked on" },
          ]}
        />
      </Group>
      <div className={`panel ${css.list}`}>
        {error && !queue ? (
          <Failure error={error} retry={refresh} />
        ) : !data ? (
          <WaitingRows />
        ) : !queue ? (
          <Nothing icon={Inbox} title="There is no such queue" />
        ) : queue.items.nodes.length === 0 ? (
          <Nothing icon={Inbox} title={show === "waiting" ? "Nothing waits here" : "Nobody works on anything of this queue"}>
            {show === "waiting" ? "All of it was picked. Look at another queue, or enjoy the quiet." : ""}
          </Nothing>
        ) : (
          <QueueTable items={queue.items.nodes} refresh={refresh} />
        )}
      </div>
      {queue && (queue.items.pageInfo.hasNextPage || cursors.length > 0) && (
        <Group justify="flex-end" mt="sm" gap="xs">
          <Button variant="default" disabled={!cursors.length} onClick={() => setCursors(cursors.slice(0, -1))}>
            Previous
          </Button>
          <Button
            variant="default"
            disabled={!queue.items.pageInfo.hasNextPage}
            onClick={() => queue.items.pageInfo.endCursor && setCursors([...cursors, queue.items.pageInfo.endCursor])}
          >
            Next
          </Button>
        </Group>
      )}
    </section>
  );
}
