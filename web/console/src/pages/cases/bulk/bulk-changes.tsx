/** Changing all ticked cases alike. Those that cannot be changed so stay as they are, and say why. */

import { Alert, Button, List, Menu, Modal, ScrollArea, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ChevronDown, Gauge, Inbox, ListChecks, UserRound } from "lucide-react";
import { useState } from "react";
import { BulkUpdateDocument, type BulkUpdateMutation, type CaseRowFragment, type CaseStatusReason, type Priority } from "../../../gql/graphql";
import { useAct } from "../../../graph/act";
import { useSession } from "../../../session/viewer";
import { options, PRIORITIES, REASON_WORDS } from "../../../words/labels";

const REASONS: CaseStatusReason[] = ["IN_PROGRESS", "RESEARCHING", "WAITING_FOR_DETAILS", "WAITING_FOR_EVIDENCE", "WAITING_FOR_VENDOR", "ON_HOLD"];

interface Change {
  assigneeId?: string;
  priority?: Priority;
  statusReason?: CaseStatusReason;
  queueId?: string;
}
type Outcomes = NonNullable<BulkUpdateMutation["bulkUpdateCases"]["outcomes"]>;

export function BulkChanges({ cases, clear }: { cases: CaseRowFragment[]; clear: () => void }) {
  const { people, teams, queues } = useSession();
  const act = useAct(BulkUpdateDocument);
  const [left, setLeft] = useState<Outcomes>([]);

  async function apply(change: Change, said: string) {
    const done = await act.run({ caseIds: cases.map((one) => one.id), errorPolicy: "SKIP_FAILED", ...change });
    if (!done) return;
    const outcomes = done.outcomes ?? [];
    const failed = outcomes.filter((one) => !one.ok);
    const changed = outcomes.length - failed.length;
    if (changed) notifications.show({ color: "green", message: `${changed === 1 ? "1 case" : `${changed} cases`}: ${said}.` });
    setLeft(failed);
    if (!failed.length) clear();
  }

  const named = (them: { id: string; name: string }[]) => them.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Many
        word="Assign"
        icon={UserRound}
        busy={act.busy}
        groups={[
          ["Teams", named(teams)],
          ["People", named(people)],
        ]}
        choose={({ value, label }) => apply({ assigneeId: value }, `assigned to ${label}`)}
      />
      <Many
        word="Priority"
        icon={Gauge}
        busy={act.busy}
        groups={[["", options(PRIORITIES)]]}
        choose={({ value, label }) => apply({ priority: value as Priority }, `priority is ${label}`)}
      />
      <Many
        word="Status"
        icon={ListChecks}
        busy={act.busy}
        groups={[["", REASONS.map((value) => ({ value, label: REASON_WORDS[value] }))]]}
        choose={({ value, label }) => apply({ statusReason: value as CaseStatusReason }, label)}
      />
      <Many
        word="Queue"
        icon={Inbox}
        busy={act.busy}
        groups={[["", named(queues)]]}
        choose={({ value, label }) => apply({ queueId: value }, `put into ${label}`)}
      />
      <Modal
        opened={left.length > 0 || act.declined.length > 0}
        onClose={() => {
          setLeft([]);
          act.forget();
        }}
        title="Not all could be changed"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {act.declined.map((one) => (
          <Alert key={one.message} color="red" variant="outline" role="alert">
            {one.message}
          </Alert>
        ))}
        {left.length > 0 && (
          <>
            <Text size="sm" mb="xs">
              These stay as they are, and are ticked still:
            </Text>
            <List size="sm" spacing={4}>
              {left.map((one) => (
                <List.Item key={one.index}>
                  <b>{one.case?.number ?? cases[one.index]?.number}</b>: {one.userErrors.map((error) => error.message).join(" ")}
                </List.Item>
              ))}
            </List>
          </>
        )}
      </Modal>
    </>
  );
}

interface Choice {
  value: string;
  label: string;
}

interface ManyProps {
  word: string;
  icon: typeof Gauge;
  busy: boolean;
  groups: [string, Choice[]][];
  choose: (choice: Choice) => void;
}

function Many({ word, icon: Icon, busy, groups, choose }: ManyProps) {
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<Icon size={15} aria-hidden />}
          rightSection={<ChevronDown size={14} aria-hidden />}
          disabled={busy}
        >
          {word}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={320}>
          {groups.map(([name, choices]) => (
            <div key={name}>
              {name && <Menu.Label>{name}</Menu.Label>}
              {choices.map((choice) => (
                <Menu.Item key={choice.value} onClick={() => choose(choice)}>
                  {choice.label}
                </Menu.Item>
              ))}
            </div>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
