/** What one was told of one's cases. */

import { ActionIcon, Button, Group, Indicator, Popover, ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { Bell as BellIcon, BellOff } from "lucide-react";
import { useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { MarkReadDocument, ToldLatelyDocument } from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { Nothing } from "../../parts/nothing";
import { sentence } from "../../words/labels";
import { brief } from "../../words/times";
import css from "../frame.module.css";
import { BY_NOBODY, TOLD_WORDS } from "./told-words";
import { useTold } from "./use-told";

const TYPES = { additionalTypenames: ["Notification"] };

export function Bell() {
  const [open, setOpen] = useState(false);
  const [, go] = useLocation();
  const [unread, setUnread] = useTold();
  const [{ data }, again] = useQuery({ query: ToldLatelyDocument, pause: !open, requestPolicy: "cache-and-network", context: TYPES });
  const mark = useAct(MarkReadDocument);
  const told = data?.notifications.nodes ?? [];

  async function read(ids: string[] | null) {
    const done = await mark.run(ids ? { notificationIds: ids } : {});
    if (done) setUnread(done.unread ?? 0);
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
            onClick={() => setOpen(!open)}
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
                {!BY_NOBODY.has(one.kind) && <b>{one.actor?.name ?? "The system"} </b>}
                {TOLD_WORDS[one.kind]} <b>{one.case?.number}</b> {one.case?.title}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {brief(one.createdAt)}
                {one.text ? ` · ${one.kind.startsWith("SLA_") ? sentence(one.text) : one.text}` : ""}
              </Text>
            </UnstyledButton>
          ))}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
