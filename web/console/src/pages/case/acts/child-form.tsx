/** Opening a case that is a part of this one: for the same customer, and with what parts inherit here. */

import { Select, SimpleGrid, Switch, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useLocation } from "wouter";
import { CreateChildCaseDocument, type Priority } from "../../../gql/graphql";
import { at, filled } from "../../../graph/act";
import { useSession } from "../../../session/viewer";
import { options, PRIORITIES } from "../../../words/labels";
import { useCaseAct, useShown } from "../use-case-act";
import { ActForm } from "./act-form";
import type { FormProps } from "./forms";

const SHOWN = ["title", "description", "priority", "teamId"];

export function ChildForm({ close }: FormProps) {
  const { case: one } = useShown();
  const { teams } = useSession();
  const [, go] = useLocation();
  const act = useCaseAct(CreateChildCaseDocument);
  const [said, setSaid] = useState({ title: "", description: "", priority: one.priority as Priority, teamId: null as string | null });
  const [route, setRoute] = useState(false);
  const change = (changed: Partial<typeof said>) => setSaid({ ...said, ...changed });

  async function send() {
    const { title, ...others } = said;
    const done = await act.run({ title, route, ...filled(others) });
    if (!done?.child) return null;
    notifications.show({ color: "green", message: `${done.child.number} is part of ${one.number}.` });
    go(`/cases/${done.child.number}`);
    return done;
  }
  return (
    <ActForm act={act} fields={SHOWN} word="Open it" send={send} close={close}>
      <TextInput
        label="Title"
        value={said.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
        maxLength={128}
        error={at(act.declined, "title")}
        withAsterisk
        data-autofocus
      />
      <Textarea
        label="Description"
        value={said.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
        autosize
        minRows={3}
        maxRows={10}
        error={at(act.declined, "description")}
      />
      <SimpleGrid cols={2}>
        <Select
          label="Priority"
          data={options(PRIORITIES)}
          value={said.priority}
          onChange={(value) => value && change({ priority: value as Priority })}
          allowDeselect={false}
          error={at(act.declined, "priority")}
        />
        <Select
          label="Team"
          placeholder="None yet"
          data={teams.map((team) => ({ value: team.id, label: team.name }))}
          value={said.teamId}
          onChange={(teamId) => change({ teamId })}
          clearable
          clearButtonProps={{ "aria-label": "No team" }}
          error={at(act.declined, "teamId")}
        />
      </SimpleGrid>
      <Switch label="Send it where the routing rules say" checked={route} onChange={(event) => setRoute(event.currentTarget.checked)} />
    </ActForm>
  );
}
