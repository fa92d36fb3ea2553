/** Where a case waits for somebody: in a queue by hand, or wherever the rules send it. */

import { Button, Divider, Group, Select, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Route } from "lucide-react";
import { useState } from "react";
import { AddToQueueDocument, RouteByRulesDocument } from "../../../gql/graphql";
import { at, useAct } from "../../../graph/act";
import { useSession } from "../../../session/viewer";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

export function QueueForm({ close }: FormProps) {
  const { case: one } = useShown();
  const { queues, may } = useSession();
  const act = useCaseAct(AddToQueueDocument);
  const route = useAct(RouteByRulesDocument);
  const [queueId, setQueue] = useState<string | null>(null);

  async function send() {
    const done = queueId && (await act.run({ queueId }));
    if (done) notifications.show({ color: "green", message: `${one.number} waits in ${done.queueItem?.queue?.name ?? "its queue"}.` });
    return done;
  }
  async function byRules() {
    const outcome = (await route.run({ caseIds: [one.id] }))?.outcomes?.[0];
    if (!outcome) return;
    const { changed, decision, unassigned } = outcome;
    const where = decision.queue ? `${one.number} waits in ${decision.queue.name}.` : "No rule holds for this case.";
    notifications.show({ color: changed ? "green" : "yellow", message: [where, unassigned].filter(Boolean).join(" ") });
    if (changed) close();
  }
  const both = { busy: act.busy, declined: [...act.declined, ...route.declined] };
  return (
    <ActForm act={both} fields={["queueId"]} word="Put it there" ready={queueId !== null} send={send} close={close}>
      <Select
        label="Queue"
        placeholder="Choose one…"
        data={queues.filter((queue) => queue.id !== one.queueItem?.queue?.id).map((queue) => ({ value: queue.id, label: queue.name }))}
        value={queueId}
        onChange={setQueue}
        searchable
        nothingFoundMessage="No queue is called that"
        error={at(act.declined, "queueId")}
        openOnFocus={false}
        data-autofocus
      />
      {may("applyRoutingRules") && (
        <>
          <Divider label="or" />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              Let the routing rules decide
            </Text>
            <Button variant="default" leftSection={<Route size={15} aria-hidden />} loading={route.busy} onClick={byRules}>
              Ask the rules
            </Button>
          </Group>
        </>
      )}
    </ActForm>
  );
}
