/** What one was told of one's cases. */

import { ActionIcon, Button, Group, Indicator, Popover, ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { Bell as BellIcon, BellOff } from "lucide-react";
import { useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { MarkReadDocument, type NotificationKind, ToldLatelyDocument } from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { sentence } from "../../words/labels";
import { brief } from "../../words/times";
import css from "../frame.module.css";

const WORDS: Record<NotificationKind, string> = {
  ASSIGNED: "gave you",
  UNASSIGNED: "took from you",
  COMMENTED: "wrote on",
  ESCALATED: "escalated",
  DEESCALATED: "took back the escalation of",
  STATUS_CHANGED: "moved",
  URGED: "urges you about",
  SLA_WARNED: "A promise is nearly due on",
  SLA_BREACHED: "A promise is broken on",
  SLA_LEVEL: "An escalation level was reached on",
};
const OF_CLOCKS = new Set<NotificationKind>(["SLA_WARNED", "SLA_BREACHED", "SLA_LEVEL"]);
const TYPES = { additionalTypenames: ["Notification"] };

export function Bell() {
  const { unread, countAgain } = useSession();
  const [open, setOpen] = useState(false);
  const [, go] = useLocation();
  const [{ data }, again] = useQuery({ query: ToldLatelyDocument, pause: !open, requestPolicy: "cache-and-network", context: TYPES });
  const mark = useAct(MarkReadDocument);
  const told = data?.notifications.nodes ?? [];

  async function read(ids: string[] | null) {
    await mark.run(ids ? { notificationIds: ids } : {});
    countAgain();
    again({ requestPolicy: "network-only" });
  }

  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={380} shadow="md" trapFocus>
      <Indicator label={unread > 99 ? "99+" : unread} size={16} disabled={unread === 0} color="red.8" offset={4}>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={unread ? `What you were told, ${unread} unread` : "What you were told"}
            onClick={() => {
              setOpen(!open);
              if (!open) countAgain();
            }}
          >
            <BellIcon size={18} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0}>
        <Group justify="space-between" px="sm" py={8} style={{ borderBottom: "1px solid var(--line)" }}>
          <Text fw={600}>What you were told</Text>
          <Button size="compact-xs" variant="subtle" disabled={unread === 0} loading={mark.busy} onClick={() => read(null)}>
            Mark all as read
          </Button>
        </Group>
        <ScrollArea.Autosize mah={420}>
          {data && told.length === 0 && <Nothing small icon={BellOff} title="Nothing yet" />}
          {told.map((one) => (
            <UnstyledButton
              key={one.id}
              className={css.told}
              data-unread={one.readAt ? undefined : true}
              onClick={() => {
                setOpen(false);
                if (!one.readAt) read([one.id]);
                if (one.case) go(`/cases/${one.case.number}`);
              }}
            >
              <Text size="sm">
                {!OF_CLOCKS.has(one.kind) && <b>{one.actor?.name ?? "The system"} </b>}
                {WORDS[one.kind]} <b>{one.case?.number}</b> {one.case?.title}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {brief(one.createdAt)}
                {one.text ? ` · ${OF_CLOCKS.has(one.kind) ? sentence(one.text) : one.text}` : ""}
              </Text>
            </UnstyledButton>
          ))}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
