/** Business hours: changed here, tried on the open cases, then saved as another version. */

import { Alert, Autocomplete, Button, Group, Menu, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { CalendarClock, Eye, History, Save } from "lucide-react";
import { useState } from "react";
import { useClient } from "urql";
import { useLocation } from "wouter";
import { PreviewPromisesDocument, type PreviewPromisesQuery, type PromisesQuery, SaveCalendarDocument } from "../../gql/graphql";
import { at, type Declined, useAct } from "../../graph/act";
import { useSession } from "../../session/viewer";
import { dayOf, precise } from "../../words/times";
import { Holidays } from "./holidays";
import { DAY_WORDS, DAYS, fromThenOn, type Hours, readHours, sentHours, type Stored } from "./hours";
import { Preview } from "./preview";
import { Spans } from "./spans";
import { Wrong } from "./target";
import css from "./promises.module.css";

type Calendar = PromisesQuery["calendars"]["nodes"][number];

const BLANK: Stored = {
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  weekly_hours: Object.fromEntries((["mon", "tue", "wed", "thu", "fri"] as const).map((day) => [day, [["09:00", "17:00"]]])),
};
const ZONES = Intl.supportedValuesOf("timeZone");

export function CalendarEditor({ calendar }: { calendar: Calendar | null }) {
  const { may } = useSession();
  const [, go] = useLocation();
  const client = useClient();
  const save = useAct(SaveCalendarDocument);
  const stored: Stored = calendar?.spec ?? BLANK;
  const [name, setName] = useState(calendar?.name ?? "");
  const [hours, setHours] = useState<Hours>(() => readHours(stored));
  const [preview, setPreview] = useState<PreviewPromisesQuery["previewSla"] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);

  const disabled = !may("saveCalendar");
  const changed = !calendar || name !== calendar.name || JSON.stringify(hours) !== JSON.stringify(readHours(stored));
  const change = (part: Partial<Hours>) => {
    setHours({ ...hours, ...part });
    setPreview(null);
  };

  async function look() {
    setLooking(true);
    setTrouble(null);
    const input = { calendarId: calendar!.id, hours: sentHours(hours) };
    const { data, error } = await client.query(PreviewPromisesDocument, { input }, { requestPolicy: "network-only" }).toPromise();
    setLooking(false);
    setPreview(data?.previewSla ?? null);
    if (error) setTrouble(error.graphQLErrors[0]?.message ?? "The preview could not be made.");
  }
  async function keep() {
    const saved = await save.run({ name, hours: sentHours(hours), ...(calendar ? { calendarId: calendar.id } : {}) });
    if (!saved?.calendar) return;
    notifications.show({ color: "green", message: `${name} is saved as version ${saved.calendar.version}.` });
    if (!calendar) go(`/promises/calendars/${saved.calendar.id}`);
  }

  const last = calendar?.versions.nodes[0];
  const dated = hours.earlier.length > 0 || hours.from !== null;
  const wrong = findings(save.declined, dated ? hours.earlier.length : null);
  const elsewhere = save.declined.filter((one) => one.path?.[1] !== "name" && !wrong.shown.has(one)).map((one) => one.message);
  return (
    <>
      <section className={`panel ${css.box}`} aria-label="Hours of the week">
        <Group justify="space-between" mb="sm" align="flex-end">
          <div>
            <Title order={2} size="h3">
              {calendar?.name ?? "New calendar"}
            </Title>
            <Text size="xs" c="dimmed">
              {calendar ? `Version ${calendar.version}` : "Not saved yet"}
              {last ? `, ${precise(last.createdAt)}${last.savedBy ? ` by ${last.savedBy.name}` : ""}` : ""}
            </Text>
          </div>
          <Group gap="sm" align="flex-start">
            {calendar && calendar.versions.nodes.length > 1 && !disabled && (
              <Versions versions={calendar.versions.nodes} choose={(spec) => change(readHours(spec as Stored))} />
            )}
            <TextInput
              size="xs"
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={at(save.declined, "name")}
              disabled={disabled}
            />
            <Autocomplete
              size="xs"
              label="Time zone"
              data={ZONES}
              limit={20}
              value={hours.timezone}
              onChange={(timezone) => change({ timezone })}
              error={wrong.zone}
              disabled={disabled}
            />
          </Group>
        </Group>
        <Since hours={hours} change={change} later={() => setHours(fromThenOn(hours, stored, tomorrow()))} canSplit={calendar !== null && !disabled} disabled={disabled} />
        <div className={css.week}>
          {DAYS.map((day) => (
            <div key={day} className={css.day}>
              <span className={css.dayName}>{DAY_WORDS[day]}</span>
              <div>
                <Spans
                  of={DAY_WORDS[day]}
                  spans={hours.week[day]}
                  change={(spans) => change({ week: { ...hours.week, [day]: spans } })}
                  closedWord="Closed"
                  disabled={disabled}
                />
                <Wrong text={wrong.day(day)} />
              </div>
            </div>
          ))}
        </div>
        <Wrong text={wrong.week} />
      </section>
      <Holidays holidays={hours.holidays} change={(holidays) => change({ holidays })} wrong={wrong.holiday} disabled={disabled} />
      {[...(trouble ? [trouble] : []), ...elsewhere].map((message) => (
        <Alert key={message} color="red" variant="outline" role="alert">
          {message}
        </Alert>
      ))}
      {preview && <Preview preview={preview} />}
      {!disabled && (
        <div className={`panel ${css.foot}`}>
          <Text size="sm" c="dimmed" mr="auto">
            {changed ? "Not saved. Clocks that run keep the version they have." : "Nothing is changed."}
          </Text>
          {calendar && (
            <Button variant="default" leftSection={<Eye size={15} aria-hidden />} loading={looking} disabled={!changed} onClick={look}>
              Preview the change
            </Button>
          )}
          <Button leftSection={<Save size={15} aria-hidden />} loading={save.busy} disabled={!changed} onClick={keep}>
            {calendar ? "Save as a new version" : "Save the calendar"}
          </Button>
        </div>
      )}
    </>
  );
}

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

interface SinceProps {
  hours: Hours;
  change: (part: Partial<Hours>) => void;
  later: () => void;
  canSplit: boolean;
  disabled: boolean;
}

/** From when on the hours hold that are shown: always, or from a date, and others before. */
function Since({ hours, change, later, canSplit, disabled }: SinceProps) {
  if (hours.from === null) {
    if (!canSplit) return null;
    return (
      <Button mb="sm" size="compact-sm" variant="subtle" leftSection={<CalendarClock size={14} aria-hidden />} onClick={later}>
        Let other hours hold from a date on
      </Button>
    );
  }
  const before = hours.earlier.flatMap((version) => (version.from ? [dayOf(version.from)] : []));
  return (
    <Group gap="sm" mb="sm" align="flex-end">
      <TextInput
        size="xs"
        type="date"
        label="These hours hold from"
        value={hours.from}
        onChange={(event) => change({ from: event.currentTarget.value || tomorrow() })}
        disabled={disabled}
      />
      <Text size="xs" c="dimmed" pb={6}>
        Until then those that are saved stay{before.length ? `, as they changed on ${before.join(" and ")}` : ""}.
      </Text>
      {canSplit && (
        <Button size="compact-sm" variant="subtle" mb={3} onClick={later}>
          Others again, from a later date
        </Button>
      )}
    </Group>
  );
}

/** What was declined of the hours that are shown, at its day or its holiday. */
function findings(declined: Declined[], version: number | null) {
  const shown = new Set<Declined>();
  const inside = version === null ? ["hours"] : ["hours", "versions", String(version)];
  const found = (...place: string[]) => {
    const one = declined.find((each) => [...inside, ...place].every((part, index) => each.path?.[index + 1] === part));
    if (one) shown.add(one);
    return one?.message;
  };
  const zone = declined.find((one) => one.path?.[1] === "hours" && one.path[2] === "timezone");
  if (zone) shown.add(zone);
  const week = declined.find((one) => one.path?.at(-1) === "weeklyHours");
  if (week) shown.add(week);
  const days = Object.fromEntries(DAYS.map((day) => [day, found("weeklyHours", day)]));
  const holidays = new Map(declined.flatMap((one) => (one.path?.[inside.length + 1] === "holidays" ? [Number(one.path[inside.length + 2])] : [])).map((place) => [place, found("holidays", String(place))]));
  return {
    shown,
    zone: zone?.message,
    week: week?.message,
    day: (day: string) => days[day],
    holiday: (place: number) => holidays.get(place),
  };
}

function Versions({ versions, choose }: { versions: Calendar["versions"]["nodes"]; choose: (spec: unknown) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" mt={21} leftSection={<History size={14} aria-hidden />}>
          Versions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Take one up again</Menu.Label>
        {versions.map((version) => (
          <Menu.Item key={version.id} onClick={() => choose(version.spec)}>
            Version {version.number}{" "}
            <Text span size="xs" c="dimmed">
              {precise(version.createdAt)}
              {version.savedBy ? ` by ${version.savedBy.name}` : ""}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
