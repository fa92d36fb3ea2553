import { Alert, Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type OpenActivitiesRule, ResolveCaseDocument } from "../../../gql/graphql";
import { at, elsewhere, filled } from "../../../graph/act";
import { meant, useCaseAct } from "../use-case-act";
import { OpenActivities, openActivities } from "./open-activities";

const REASONS = [
  { value: "PROBLEM_SOLVED", label: "Problem solved" },
  { value: "INFORMATION_PROVIDED", label: "Information provided" },
] as const;
type Reason = (typeof REASONS)[number]["value"];

export function ResolveDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const act = useCaseAct(ResolveCaseDocument);
  const [reason, setReason] = useState<Reason>("PROBLEM_SOLVED");
  const [summary, setSummary] = useState("");
  const [remarks, setRemarks] = useState("");
  const [minutes, setMinutes] = useState<{ total: number | null; billable: number | null }>({ total: null, billable: null });
  const [rule, setRule] = useState<OpenActivitiesRule | null>(null);
  const asked = openActivities(act.declined).length > 0;

  async function send(event: FormEvent) {
    event.preventDefault();
    const done = await act.run({
      reason,
      summary,
      ...filled({ remarks, totalMinutes: minutes.total, billableMinutes: minutes.billable, openActivities: rule }),
    });
    if (done) close();
  }

  const others = elsewhere(act.declined, ["summary", "remarks", "totalMinutes", "billableMinutes"]);
  return (
    <Modal opened={opened} onClose={close} title="Resolve the case" size="md" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send} noValidate>
        <Stack gap="sm">
          <Select
            label="How it ended"
            data={[...REASONS]}
            value={reason}
            onChange={(value) => value && setReason(value as Reason)}
            allowDeselect={false}
          />
          <TextInput
            label="What helped"
            value={summary}
            onChange={(event) => setSummary(event.currentTarget.value)}
            error={at(act.declined, "summary")}
            withAsterisk
            data-autofocus
          />
          <Textarea
            label="Remarks"
            value={remarks}
            onChange={(event) => setRemarks(event.currentTarget.value)}
            autosize
            minRows={2}
            error={at(act.declined, "remarks")}
          />
          <SimpleGrid cols={2}>
            <NumberInput
              label="Minutes in all"
              placeholder="As its activities say"
              min={0}
              value={minutes.total ?? ""}
              onChange={(value) => setMinutes({ ...minutes, total: value === "" ? null : Number(value) })}
              error={at(act.declined, "totalMinutes")}
            />
            <NumberInput
              label="Of these billable"
              placeholder="As its activities say"
              min={0}
              value={minutes.billable ?? ""}
              onChange={(value) => setMinutes({ ...minutes, billable: value === "" ? null : Number(value) })}
              error={at(act.declined, "billableMinutes")}
            />
          </SimpleGrid>
          <OpenActivities declined={act.declined} rule={rule} choose={setRule} />
          {others
            .filter((one) => one.__typename !== "OpenActivities")
            .map((one) => (
              <Alert key={one.message} color="red" variant="outline" role="alert">
                {meant(one)}
              </Alert>
            ))}
          <Group justify="flex-end" mt={4}>
            <Button variant="default" size="sm" onClick={close}>
              Not yet
            </Button>
            <Button type="submit" size="sm" loading={act.busy} disabled={asked && !rule}>
              Resolve
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
