/** The new case, and open cases of the same customer that seem to ask the same. */

import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { CheckCircle2, Copy } from "lucide-react";
import { Link } from "wouter";
import { PriorityTag, StatusTag } from "../look/tag";
import { brief } from "../words/times";
import type { Opened } from "./new-case-drawer";

export function Duplicates({ opened, again }: { opened: Opened; again: () => void }) {
  const found = opened.possibleDuplicates ?? [];
  return (
    <Stack>
      <Alert color="green" variant="outline" icon={<CheckCircle2 size={18} aria-hidden />} title={opened.case?.number}>
        {opened.case?.title}
      </Alert>
      <div>
        <Group gap={6} mb={6}>
          <Copy size={15} aria-hidden />
          <Text fw={600}>Perhaps asked before</Text>
        </Group>
        <Text c="dimmed" size="sm" mb="sm">
          These open cases of the customer seem to ask the same. Have a look before you begin.
        </Text>
        <Stack gap={8}>
          {found.map((one) => (
            <div key={one.id} className="panel" style={{ padding: "10px 12px" }}>
              <Anchor component={Link} href={`/cases/${one.number}`} fw={560} c="var(--mantine-color-text)">
                {one.title}
              </Anchor>
              <Group gap={8} mt={5}>
                <Text size="xs" c="dimmed" className="number">
                  {one.number} · {brief(one.createdAt)}
                </Text>
                <PriorityTag priority={one.priority} />
                <StatusTag status={one.status} reason={one.statusReason} />
              </Group>
            </div>
          ))}
        </Stack>
      </div>
      <Group justify="flex-end">
        <Button variant="default" size="sm" onClick={again}>
          Another case
        </Button>
        <Button size="sm" component={Link} href={`/cases/${opened.case?.number}`}>
          Go to {opened.case?.number}
        </Button>
      </Group>
    </Stack>
  );
}
