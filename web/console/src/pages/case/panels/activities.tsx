/** What is to be done about the case, and what was done. */

import { ActionIcon, Button, Group, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { CalendarClock, Check, CheckSquare, Ellipsis, ListTodo, Mail, Pencil, Phone, Plus, X } from "lucide-react";
import { useEffect } from "react";
import {
  type ActivityKind,
  type ActivityLineFragment,
  CancelActivityDocument,
  CompleteActivityDocument,
} from "../../../gql/graphql";
import { useAct } from "../../../graph/act";
import { Tag } from "../../../look/tag";
import { Nothing } from "../../../parts/nothing";
import { useSession } from "../../../session/viewer";
import { ACTIVITY_WORDS, sentence } from "../../../words/labels";
import { precise } from "../../../words/times";
import { tell, useShown } from "../use-case-act";
import { ChangeActivity } from "./change-activity";
import { NewActivity } from "./new-activity";
import css from "./panels.module.css";

const ICONS: Record<ActivityKind, typeof Phone> = { TASK: CheckSquare, PHONE_CALL: Phone, EMAIL: Mail, APPOINTMENT: CalendarClock };

export function Activities({ activities }: { activities: ActivityLineFragment[] }) {
  const { case: one } = useShown();
  const { may } = useSession();
  const [adding, add] = useDisclosure();
  const open = activities.filter((activity) => activity.state === "OPEN");
  const ended = activities.filter((activity) => activity.state !== "OPEN");
  const canAdd = one.status === "ACTIVE" && may("createActivity");
  return (
    <>
      {canAdd && (
        <Group justify="space-between" mb="sm">
          <Text c="dimmed" size="sm">
            {open.length === 0 ? "Nothing is to be done." : open.length === 1 ? "One is to be done." : `${open.length} are to be done.`}
          </Text>
          <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={add.open}>
            Plan something
          </Button>
        </Group>
      )}
      {activities.length === 0 && !canAdd && <Nothing small icon={ListTodo} title="Nothing was planned" />}
      <ul className={css.rows}>
        {[...open, ...ended].map((activity) => (
          <Row key={activity.id} activity={activity} />
        ))}
      </ul>
      <NewActivity opened={adding} close={add.close} />
    </>
  );
}

function Row({ activity }: { activity: ActivityLineFragment }) {
  const { may } = useSession();
  const [changing, change] = useDisclosure();
  const complete = useAct(CompleteActivityDocument);
  const cancel = useAct(CancelActivityDocument);
  const said = [...complete.declined, ...cancel.declined];
  useEffect(() => tell(said), [said.map((one) => one.message).join()]);

  const Icon = ICONS[activity.kind];
  const open = activity.state === "OPEN";
  const late = open && activity.dueAt && new Date(activity.dueAt) < new Date();
  return (
    <li className={css.row}>
      <Icon size={16} aria-label={ACTIVITY_WORDS[activity.kind]} className={css.rowIcon} />
      <div className={css.rowMain}>
        <Text size="sm" fw={550} td={activity.state === "CANCELED" ? "line-through" : undefined}>
          {activity.subject}
        </Text>
        <Text size="xs" c="dimmed">
          {[
            activity.owner?.name,
            open && activity.dueAt ? `due ${precise(activity.dueAt)}` : activity.endedAt && precise(activity.endedAt),
            activity.durationMinutes ? `${activity.durationMinutes} min, ${activity.billableMinutes} billable` : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </div>
      {late && <Tag tone="red">Late</Tag>}
      {!open && <Tag tone={activity.state === "COMPLETED" ? "green" : "gray"}>{sentence(activity.state)}</Tag>}
      {open && may("completeActivity") && (
        <>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<Check size={14} aria-hidden />}
            loading={complete.busy}
            onClick={() => complete.run({ activityId: activity.id })}
          >
            Done
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`More about ${activity.subject}`}>
                <Ellipsis size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {may("updateActivity") && (
                <Menu.Item leftSection={<Pencil size={14} aria-hidden />} onClick={change.open}>
                  Change…
                </Menu.Item>
              )}
              <Menu.Item leftSection={<X size={14} aria-hidden />} onClick={() => cancel.run({ activityId: activity.id })}>
                Not needed any more
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <ChangeActivity activity={activity} opened={changing} close={change.close} />
        </>
      )}
    </li>
  );
}
