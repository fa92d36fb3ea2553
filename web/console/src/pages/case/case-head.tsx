/** What the case is called, how it stands, and what can be done with it. */

import { Anchor, Text, Title } from "@mantine/core";
import { Flag } from "lucide-react";
import { Link } from "wouter";
import { PriorityTag, StatusTag, Tag } from "../../look/tag";
import { brief, inFull } from "../../words/times";
import { Acts } from "./acts/acts";
import { useShown } from "./use-case-act";
import css from "./case.module.css";

export function CaseHead() {
  const { case: one } = useShown();
  return (
    <header className={css.head}>
      <div className={css.name}>
        <Text size="sm" c="dimmed" className="number">
          <Anchor component={Link} href="/cases" c="dimmed" size="sm">
            Cases
          </Anchor>{" "}
          / {one.number}
          {one.parent && (
            <>
              {" "}
              · part of{" "}
              <Anchor component={Link} href={`/cases/${one.parent.number}`} size="sm" underline="always" title={one.parent.title}>
                {one.parent.number}
              </Anchor>
            </>
          )}
        </Text>
        <Title order={1} className={css.title}>
          {one.title}
        </Title>
        <div className={css.tags}>
          {one.isEscalated && (
            <Tag tone="red" mark={<Flag size={12} aria-hidden />}>
              Escalated
            </Tag>
          )}
          <StatusTag status={one.status} reason={one.statusReason} />
          <PriorityTag priority={one.priority} />
          {one.reopenCount > 0 && <Tag tone="amber">Reopened {one.reopenCount > 1 ? `${one.reopenCount} times` : ""}</Tag>}
          {one.stage && <Tag tone="blue">Stage: {one.stage.name}</Tag>}
          {one.queueItem?.queue && <Tag tone="gray">In {one.queueItem.queue.name}</Tag>}
          <Text size="sm" c="dimmed">
            {one.customer?.name} · opened <time title={inFull(one.createdAt)}>{brief(one.createdAt)}</time>
          </Text>
        </div>
      </div>
      <Acts />
    </header>
  );
}
