/** Business hours: changed here, tried on the open cases, then saved as another version. */

import { Alert, Button, Group, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Eye, Save } from "lucide-react";
import { useState } from "react";
import { useClient } from "urql";
import { PreviewPromisesDocument, type PreviewPromisesQuery, type PromisesQuery, SaveCalendarDocument } from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { useSession } from "../../session/viewer";
import { precise } from "../../words/times";
import { Holidays } from "./holidays";
import { DAY_WORDS, DAYS, type Hours, readHours, sentHours } from "./hours";
import { Preview } from "./preview";
import { Spans } from "./spans";
import css from "./promises.module.css";

type Calendar = PromisesQuery["calendars"]["nodes"][number];

export function CalendarEditor({ calendar }: { calendar: Calendar }) {
  const { may } = useSession();
  const client = useClient();
  const save = useAct(SaveCalendarDocument);
  const [name, setName] = useState(calendar.name);
  const [hours, setHours] = useState<Hours>(() => readHours(calendar.spec));
  const [preview, setPreview] = useState<PreviewPromisesQuery["previewSla"] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);

  const disabled = !may("saveCalendar");
  const changed = name !== calendar.name || JSON.stringify(hours) !== JSON.stringify(readHours(calendar.spec));
  const change = (part: Partial<Hours>) => {
    setHours({ ...hours, ...part });
    setPreview(null);
  };

  async function look() {
    setLooking(true);
    setTrouble(null);
    const input = { calendarId: calendar.id, hours: sentHours(hours) };
    const { data, error } = await client.query(PreviewPromisesDocument, { input }, { requestPolicy: "network-only" }).toPromise();
    setLooking(false);
    setPreview(data?.previewSla ?? null);
    if (error) setTrouble(error.graphQLErrors[0]?.message ?? "The preview could not be made.");
  }
  async function keep() {
    const saved = await save.run({ calendarId: calendar.id, name, hours: sentHours(hours) });
    if (saved) notifications.show({ color: "green", message: `${name} is saved as version ${saved.calendar?.version}.` });
  }

  const last = calendar.versions.nodes[0];
  return (
    <>
      <section className={`panel ${css.box}`} aria-label="Hours of the week">
        <Group justify="space-between" mb="sm" align="flex-end">
          <div>
            <Title order={2} size="h3">
              {calendar.name}
            </Title>
            <Text size="xs" c="dimmed">
              Version {calendar.version}
              {last ? `, ${precise(last.createdAt)}${last.savedBy ? ` by ${last.savedBy.name}` : ""}` : ""}
            </Text>
          </div>
          <Group gap="sm">
            <TextInput
              size="xs"
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              disabled={disabled}
            />
            <TextInput
              size="xs"
              label="Time zone"
              value={hours.timezone}
              onChange={(event) => change({ timezone: event.currentTarget.value })}
              disabled={disabled}
            />
          </Group>
        </Group>
        <div className={css.week}>
          {DAYS.map((day) => (
            <div key={day} className={css.day}>
              <span className={css.dayName}>{DAY_WORDS[day]}</span>
              <Spans
                of={DAY_WORDS[day]}
                spans={hours.week[day]}
                change={(spans) => change({ week: { ...hours.week, [day]: spans } })}
                closedWord="Closed"
                disabled={disabled}
              />
            </div>
          ))}
        </div>
      </section>
      <Holidays holidays={hours.holidays} change={(holidays) => change({ holidays })} disabled={disabled} />
      {[...(trouble ? [trouble] : []), ...save.declined.map((one) => one.message)].map((message) => (
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
          <Button variant="default" leftSection={<Eye size={15} aria-hidden />} loading={looking} disabled={!changed} onClick={look}>
            Preview the change
          </Button>
          <Button leftSection={<Save size={15} aria-hidden />} loading={save.busy} disabled={!changed} onClick={keep}>
            Save as a new version
          </Button>
        </div>
      )}
    </>
  );
}
