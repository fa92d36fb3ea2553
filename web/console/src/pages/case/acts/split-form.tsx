/** Making a case of its own out of what was said and planned here. */

import { Checkbox, Group, ScrollArea, Select, Skeleton, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { CasePartsDocument, type Priority, SplitCaseDocument } from "../../../gql/graphql";
import { at, filled } from "../../../graph/act";
import { Failure } from "../../../parts/failure";
import { ACTIVITY_WORDS, options, PRIORITIES } from "../../../words/labels";
import { precise } from "../../../words/times";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

const TYPES = { additionalTypenames: ["Message", "Activity"] };

export function SplitForm({ close }: FormProps) {
  const { case: one } = useShown();
  const [, go] = useLocation();
  const act = useCaseAct(SplitCaseDocument);
  const [said, setSaid] = useState({ title: "", description: "", priority: one.priority as Priority });
  const [messageIds, setMessages] = useState<string[]>([]);
  const [activityIds, setActivities] = useState<string[]>([]);
  const [{ data, error }, again] = useQuery({ query: CasePartsDocument, variables: { number: one.number }, context: TYPES, requestPolicy: "network-only" });
  if (error) return <Failure error={error} retry={again} />;
  const messages = data?.case?.messages.nodes ?? [];
  const activities = data?.case?.activities.nodes ?? [];
  const nothing = data && !messages.length && !activities.length;

  async function send() {
    const { title, ...others } = said;
    const done = await act.run({ title, messageIds, activityIds, ...filled(others) });
    if (!done?.newCase) return null;
    notifications.show({ color: "green", message: `${done.newCase.number} was split off ${one.number}.` });
    go(`/cases/${done.newCase.number}`);
    return done;
  }
  return (
    <ActForm
      act={act}
      fields={["title", "description", "priority"]}
      word="Split it off"
      ready={messageIds.length + activityIds.length > 0}
      send={send}
      close={close}
    >
      <TextInput
        label="Title of the new case"
        value={said.title}
        onChange={(event) => setSaid({ ...said, title: event.currentTarget.value })}
        maxLength={128}
        error={at(act.declined, "title")}
        withAsterisk
        data-autofocus
      />
      <Group align="flex-start" wrap="wrap" gap="sm">
        <Textarea
          label="Description"
          style={{ flex: "1 1 260px" }}
          value={said.description}
          onChange={(event) => setSaid({ ...said, description: event.currentTarget.value })}
          autosize
          minRows={1}
          maxRows={6}
          error={at(act.declined, "description")}
        />
        <Select
          label="Priority"
          w={150}
          data={options(PRIORITIES)}
          value={said.priority}
          onChange={(value) => value && setSaid({ ...said, priority: value as Priority })}
          allowDeselect={false}
          error={at(act.declined, "priority")}
        />
      </Group>
      {!data && <Skeleton h={120} />}
      {nothing && (
        <Text size="sm" c="dimmed">
          Nothing was said or planned here that could move. A part of the case begins empty.
        </Text>
      )}
      <ScrollArea.Autosize mah={300} type="auto" viewportProps={{ tabIndex: 0, "aria-label": "What may move" }}>
        <Stack gap="md">
          {messages.length > 0 && (
            <Checkbox.Group label="Messages that move there" value={messageIds} onChange={setMessages}>
              <Stack gap={8} mt={6}>
                {messages.map((message) => (
                  <Checkbox
                    key={message.id}
                    value={message.id}
                    label={<Text size="sm" lineClamp={2}>{message.body}</Text>}
                    description={`${message.author?.name ?? "The system"}, ${precise(message.createdAt)}${message.audience === "INTERNAL" ? " · among staff" : ""}`}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          {activities.length > 0 && (
            <Checkbox.Group label="Activities that move there" value={activityIds} onChange={setActivities}>
              <Stack gap={8} mt={6}>
                {activities.map((activity) => (
                  <Checkbox key={activity.id} value={activity.id} label={activity.subject} description={ACTIVITY_WORDS[activity.kind]} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        </Stack>
      </ScrollArea.Autosize>
    </ActForm>
  );
}
