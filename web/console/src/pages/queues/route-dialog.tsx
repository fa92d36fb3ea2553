/** Sending a queued case on: to a queue, a person or a team. */

import { Alert, Button, Checkbox, Group, Modal, Select, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { RouteItemDocument } from "../../gql/graphql";
import { at, elsewhere, useAct } from "../../graph/act";
import { useSession } from "../../session/viewer";
import { meant } from "../case/use-case-act";
import type { Item } from "./queue-table";

export function RouteDialog({ item, close }: { item: Item | null; close: () => void }) {
  const { people, teams, queues } = useSession();
  const act = useAct(RouteItemDocument);
  const [toId, setTo] = useState<string | null>(null);
  const [remove, setRemove] = useState(false);
  const one = item?.case;
  const named = (them: { id: string; name: string }[]) => them.map(({ id, name }) => ({ value: id, label: name }));

  async function send(event: FormEvent) {
    event.preventDefault();
    if (one && toId && (await act.run({ caseId: one.id, expectedVersion: one.version, toId, remove }))) close();
  }

  return (
    <Modal opened={item !== null} onClose={close} title={`Send ${one?.number ?? ""} on`} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <Select
            label="To"
            placeholder="A queue, a person or a team…"
            data={[
              { group: "Queues", items: named(queues) },
              { group: "People", items: named(people) },
              { group: "Teams", items: named(teams) },
            ]}
            value={toId}
            onChange={setTo}
            searchable
            error={at(act.declined, "toId")}
            data-autofocus
          />
          <Checkbox
            label="Take it out of the queue"
            checked={remove}
            onChange={(event) => setRemove(event.currentTarget.checked)}
          />
          {elsewhere(act.declined, ["toId"]).map((declined) => (
            <Alert key={declined.message} color="red" variant="outline" role="alert">
              {meant(declined)}
            </Alert>
          ))}
          <Group justify="flex-end">
            <Button type="submit" size="sm" loading={act.busy} disabled={!toId}>
              Send it on
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
