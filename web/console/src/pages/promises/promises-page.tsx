/** What is promised about time: policies, and the calendars by which they count. */

import { Button, Group, SegmentedControl, Select, Title } from "@mantine/core";
import { CalendarDays, Plus, ScrollText } from "lucide-react";
import { useEffect } from "react";
import { useQuery } from "urql";
import { Link, useLocation } from "wouter";
import { PromisesDocument } from "../../gql/graphql";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Tag } from "../../look/tag";
import { useSession } from "../../session/viewer";
import { WaitingRows } from "../cases/waiting-rows";
import { CalendarEditor } from "./calendar-editor";
import { PolicyEditor } from "./policy-editor";
import css from "./promises.module.css";

export default function PromisesPage({ kind = "policies", id }: { kind: string | undefined; id: string | undefined }) {
  const [{ data, error }, again] = useQuery({ query: PromisesDocument });
  const [, go] = useLocation();
  useEffect(() => {
    document.title = "Service levels · Casegraph";
  }, []);
  if (error && !data) return <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />;
  const policies = data?.slaPolicies.nodes ?? [];
  const calendars = data?.calendars.nodes ?? [];
  const { may } = useSession();
  const ofCalendars = kind === "calendars";
  const making = id === "new";
  const list = ofCalendars ? calendars : policies;
  const policy = policies.find((one) => one.id === id) ?? policies.find((one) => one.isDefault) ?? policies[0];
  const calendar = calendars.find((one) => one.id === id) ?? calendars[0];
  const chosen = making ? undefined : ofCalendars ? calendar?.id : policy?.id;

  return (
    <div className={css.page}>
      <div className={css.head}>
        <Title order={1}>Service levels</Title>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            value={ofCalendars ? "calendars" : "policies"}
            onChange={(next) => go(`/promises/${next}`)}
            aria-label="What is shown"
            data={[
              { value: "policies", label: "Policies" },
              { value: "calendars", label: "Calendars" },
            ]}
          />
          {may(ofCalendars ? "saveCalendar" : "saveSlaPolicy") && (
            <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => go(`/promises/${ofCalendars ? "calendars" : "policies"}/new`)}>
              {ofCalendars ? "New calendar" : "New policy"}
            </Button>
          )}
        </Group>
      </div>
      {!data ? (
        <div className="panel">
          <WaitingRows count={6} />
        </div>
      ) : (
        <div className={css.columns}>
          <nav className={css.list} aria-label={ofCalendars ? "Calendars" : "Policies"}>
            {list.map((one) => (
              <Link
                key={one.id}
                href={`/promises/${ofCalendars ? "calendars" : "policies"}/${one.id}`}
                className={css.item}
                aria-current={one.id === chosen ? "page" : undefined}
              >
                <span className="cut">{one.name}</span>
                {"isDefault" in one && one.isDefault && <Tag tone="blue">Default</Tag>}
                {"active" in one && !one.active && <Tag tone="gray">Draft</Tag>}
              </Link>
            ))}
          </nav>
          <Select
            className={css.chooser}
            aria-label={ofCalendars ? "Calendar" : "Policy"}
            data={list.map((one) => ({ value: one.id, label: one.name }))}
            value={chosen ?? null}
            onChange={(next) => next && go(`/promises/${ofCalendars ? "calendars" : "policies"}/${next}`)}
            allowDeselect={false}
          />
          <div className={css.main}>
            {ofCalendars ? (
              making ? (
                <CalendarEditor key="new" calendar={null} />
              ) : calendar ? (
                <CalendarEditor key={`${calendar.id} ${calendar.version}`} calendar={calendar} />
              ) : (
                <Nothing icon={CalendarDays} title="There is no calendar" />
              )
            ) : making ? (
              <PolicyEditor key="new" policy={null} calendars={calendars} />
            ) : policy ? (
              <PolicyEditor key={policy.id} policy={policy} calendars={calendars} />
            ) : (
              <Nothing icon={ScrollText} title="There is no policy" />
            )}
          </div>
        </div>
      )}
    </div>
  );
}
