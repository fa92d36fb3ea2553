/** What is to become of the activities that are open when a case ends. */

import { Alert, List, Radio, Stack, Text } from "@mantine/core";
import { ListTodo } from "lucide-react";
import type { OpenActivitiesRule } from "../../../gql/graphql";
import type { Declined } from "../../../graph/act";

export function openActivities(declined: Declined[]) {
  return declined.flatMap((one) => (one.__typename === "OpenActivities" ? one.activities : []));
}

interface Props {
  declined: Declined[];
  rule: OpenActivitiesRule | null;
  choose: (rule: OpenActivitiesRule) => void;
}

export function OpenActivities({ declined, rule, choose }: Props) {
  const found = openActivities(declined);
  if (!found.length) return null;
  return (
    <Alert color="yellow" variant="outline" icon={<ListTodo size={18} aria-hidden />} title="There is still something to do" role="alert">
      <List size="sm" mb="xs">
        {found.map((one) => (
          <List.Item key={one.activityId}>{one.subject}</List.Item>
        ))}
      </List>
      <Radio.Group
        aria-label="What is to become of them"
        value={rule ?? ""}
        onChange={(value) => choose(value as OpenActivitiesRule)}
      >
        <Stack gap={6}>
          <Radio value="COMPLETE" label="They are done: complete them" />
          <Radio value="CANCEL" label="They are not needed any more: cancel them" />
        </Stack>
      </Radio.Group>
      {!rule && (
        <Text size="xs" c="dimmed" mt={6}>
          Choose one, then go on.
        </Text>
      )}
    </Alert>
  );
}
