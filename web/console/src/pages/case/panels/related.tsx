/** Cases that have to do with this one. */

import { Anchor, Group, Skeleton, Text } from "@mantine/core";
import { GitBranch } from "lucide-react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { type CaseStatus, type CaseStatusReason, type Priority, RelatedCasesDocument } from "../../../gql/graphql";
import { PriorityTag, StatusTag } from "../../../look/tag";
import { Failure } from "../../../parts/failure";
import { Nothing } from "../../../parts/nothing";
import { useShown } from "../use-case-act";
import css from "./panels.module.css";
import page from "../case.module.css";

export interface Named {
  id: string;
  number: string;
  title: string;
  status: CaseStatus;
  statusReason: CaseStatusReason;
  priority: Priority;
}

export function Related() {
  const { case: one } = useShown();
  const [{ data, error }, again] = useQuery({ query: RelatedCasesDocument, variables: { caseId: one.id } });
  if (error) return <Failure error={error} retry={again} />;
  if (!data) return <Skeleton h={120} />;
  const similar = data.similarCases ?? [];
  return (
    <>
      <h3 className={page.boxTitle}>Similar cases</h3>
      {similar.length === 0 && <Nothing small icon={GitBranch} title="No other case resembles this one" />}
      <ul className={css.rows}>
        {similar.map(({ case: other }) => (
          <CaseLine key={other.id} case={other} />
        ))}
      </ul>
    </>
  );
}

export function CaseLine({ case: other }: { case: Named }) {
  return (
    <li className={css.row}>
      <div className={css.rowMain}>
        <Anchor component={Link} href={`/cases/${other.number}`} size="sm" fw={550} c="var(--mantine-color-text)">
          {other.title}
        </Anchor>
        <Text size="xs" c="dimmed" className="number">
          {other.number}
        </Text>
      </div>
      <Group gap={6} wrap="wrap" justify="flex-end">
        <PriorityTag priority={other.priority} />
        <StatusTag status={other.status} reason={other.statusReason} />
      </Group>
    </li>
  );
}
