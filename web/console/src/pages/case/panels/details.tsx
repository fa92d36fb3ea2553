/** What is said of the case. What may be changed is changed in its place. */

import { ActionIcon, Select, Text, Tooltip } from "@mantine/core";
import { Pencil } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { AssignCaseDocument, type Priority, type Severity, UpdateCaseDocument } from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { options, ORIGIN_WORDS, PRIORITIES, SEVERITY_WORDS } from "../../../words/labels";
import { precise } from "../../../words/times";
import { useAsk } from "../acts/asking";
import { tell, useCaseAct, useShown } from "../use-case-act";
import css from "../case.module.css";

export function Details() {
  const { case: one } = useShown();
  const { may, people, teams } = useSession();
  const ask = useAsk();
  const update = useCaseAct(UpdateCaseDocument);
  const assign = useCaseAct(AssignCaseDocument);
  useEffect(() => tell(update.declined), [update.declined]);
  useEffect(() => tell(assign.declined), [assign.declined]);

  const open = one.status === "ACTIVE";
  const assignees = [
    { group: "People", items: people.filter((who) => who.id !== one.owner?.id).map((who) => ({ value: who.id, label: who.name })) },
    { group: "Teams", items: teams.map((team) => ({ value: team.id, label: team.name })) },
  ];
  if (one.owner) assignees[0]!.items.unshift({ value: one.owner.id, label: one.owner.name });

  return (
    <section className={`panel ${css.box}`} aria-label="Details">
      <h2 className={css.boxTitle}>
        Details
        {open && may("updateCase") && (
          <Tooltip label="Edit the case">
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Edit the case" onClick={() => ask("edit")}>
              <Pencil size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </h2>
      <dl className={css.facts}>
        <Fact name="Owner">
          {open && may("assignCase") ? (
            <Select
              aria-label="Owner"
              placeholder="Nobody"
              size="xs"
              data={assignees}
              value={one.owner?.id ?? null}
              onChange={(assigneeId) => assign.run({ assigneeId })}
              searchable
              clearable={Boolean(one.owner)}
              clearButtonProps={{ "aria-label": "Take it from its owner" }}
              disabled={assign.busy}
            />
          ) : (
            one.owner?.name
          )}
        </Fact>
        <Fact name="Team">{one.team?.name}</Fact>
        <Fact name="Priority">
          {open && may("updateCase") ? (
            <Select
              aria-label="Priority"
              size="xs"
              data={options(PRIORITIES)}
              value={one.priority}
              onChange={(priority) => priority && update.run({ priority: priority as Priority })}
              allowDeselect={false}
              disabled={update.busy}
            />
          ) : (
            PRIORITIES[one.priority].word
          )}
        </Fact>
        <Fact name="Severity">
          {open && may("updateCase") ? (
            <Select
              aria-label="Severity"
              size="xs"
              data={options(SEVERITY_WORDS)}
              value={one.severity}
              onChange={(severity) => severity && update.run({ severity: severity as Severity })}
              allowDeselect={false}
              disabled={update.busy}
            />
          ) : (
            SEVERITY_WORDS[one.severity]
          )}
        </Fact>
        <Fact name="Customer">
          {one.customer?.name}
          {one.customer?.email && (
            <Text size="xs" c="dimmed">
              {one.customer.email}
            </Text>
          )}
        </Fact>
        <Fact name="Contact">
          {one.contact?.name}
          {one.contact?.email && (
            <Text size="xs" c="dimmed">
              {one.contact.email}
            </Text>
          )}
        </Fact>
        <Fact name="Product">{one.product?.name}</Fact>
        <Fact name="Subject">{one.subject?.name}</Fact>
        <Fact name="Type">{one.type?.name}</Fact>
        <Fact name="Came by">{ORIGIN_WORDS[one.origin]}</Fact>
        <Fact name="Deadline">{one.deadline && precise(one.deadline)}</Fact>
        <Fact name="Follow up">{one.followUpAt && precise(one.followUpAt)}</Fact>
        <Fact name="Opened">{precise(one.createdAt)}</Fact>
        <Fact name="Reference">{one.externalId}</Fact>
        <Fact name="Satisfaction">{one.satisfaction && `${one.satisfaction} of 5`}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  const said = Array.isArray(children) ? children.some(Boolean) : Boolean(children);
  if (!said) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
