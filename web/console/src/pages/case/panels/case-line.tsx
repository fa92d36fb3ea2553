/** Another case in a line. */

import { Anchor, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { CaseNameFragment } from "../../../gql/graphql";
import { PriorityTag, StatusTag } from "../../../look/tag";
import css from "./panels.module.css";

interface Props {
  case: CaseNameFragment;
  before?: string;
  after?: string | undefined;
  children?: ReactNode;
}

export function CaseLine({ case: other, before, after, children }: Props) {
  return (
    <li className={css.row}>
      <div className={css.rowMain}>
        <Text span size="sm" c="dimmed">
          {before ? `${before} ` : ""}
        </Text>
        <Anchor component={Link} href={`/cases/${other.number}`} size="sm" fw={550} c="var(--mantine-color-text)">
          {other.title}
        </Anchor>
        <Text size="xs" c="dimmed" className="number">
          {other.number}
          {after ? ` · ${after}` : ""}
        </Text>
      </div>
      <Group gap={6} justify="flex-end">
        <PriorityTag priority={other.priority} />
        <StatusTag status={other.status} reason={other.statusReason} />
        {children}
      </Group>
    </li>
  );
}
