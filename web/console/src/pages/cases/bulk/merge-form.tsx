/** Merging cases into one of them, after looking at what would move and what would end. It can be undone. */

import { Alert, Button, Checkbox, Group, Radio, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Combine } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { type MergeableFragment, MergeCasesDocument, PreviewMergeDocument, type PreviewMergeQuery } from "../../../gql/graphql";
import { useAct } from "../../../graph/act";
import { sentence } from "../../../words/labels";
import { meant } from "../../case/use-case-act";

export type Mergeable = MergeableFragment;

interface Props {
  /** At least two. */
  cases: Mergeable[];
  close: () => void;
  done: () => void;
}

export function MergeForm({ cases, close, done }: Props) {
  const [, go] = useLocation();
  const [chosen, setChosen] = useState<string | null>(null);
  const [acrossCustomers, setAcross] = useState(false);
  const oldest = [...cases].sort((one, other) => one.createdAt.localeCompare(other.createdAt))[0];
  const survivor = cases.find((one) => one.id === chosen) ?? oldest;
  const mergedIds = cases.filter((one) => one.id !== survivor?.id).map((one) => one.id);
  const act = useAct(MergeCasesDocument);
  const [{ data, error }] = useQuery({
    query: PreviewMergeDocument,
    variables: { caseId: survivor?.id ?? "", mergedIds, acrossCustomers },
    pause: !survivor || mergedIds.length === 0,
    requestPolicy: "network-only",
  });
  const preview = data?.previewMerge;
  const strangers = new Set(cases.map((one) => one.customer?.id)).size > 1;

  async function send(event: FormEvent) {
    event.preventDefault();
    if (!survivor) return;
    const merged = await act.run({ caseId: survivor.id, expectedVersion: survivor.version, mergedIds, acrossCustomers });
    if (!merged) return;
    notifications.show({ color: "green", message: `${mergedIds.length} merged into ${survivor.number}.` });
    done();
    go(`/cases/${survivor.number}`);
  }

  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Radio.Group label="Which one lives on" value={survivor?.id ?? ""} onChange={setChosen}>
          <Stack gap={8} mt={6}>
            {cases.map((one) => (
              <Radio
                key={one.id}
                value={one.id}
                label={`${one.number} ${one.title}`}
                description={`${one.customer?.name ?? "No customer"}${one.id === oldest?.id ? " · the oldest" : ""}`}
              />
            ))}
          </Stack>
        </Radio.Group>
        {strangers && (
          <Checkbox
            label="Merge although their customers differ"
            checked={acrossCustomers}
            onChange={(event) => setAcross(event.currentTarget.checked)}
          />
        )}
        {error && <Alert color="red" variant="outline">{error.graphQLErrors[0]?.message ?? "The preview could not be made."}</Alert>}
        {preview ? <Outcome preview={preview} /> : !error && <Skeleton h={70} />}
        {act.declined.map((one) => (
          <Alert key={one.message} color="red" variant="outline" role="alert">
            {meant(one)}
          </Alert>
        ))}
        <Group justify="flex-end">
          <Button variant="default" size="sm" onClick={close}>
            Leave them
          </Button>
          <Button
            type="submit"
            size="sm"
            leftSection={<Combine size={15} aria-hidden />}
            loading={act.busy}
            disabled={!preview?.possible}
          >
            Merge into {survivor?.number}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Outcome({ preview }: { preview: NonNullable<PreviewMergeQuery["previewMerge"]> }) {
  if (!preview.possible) {
    return (
      <Alert color="yellow" variant="outline" title="They cannot be merged so">
        {preview.refusals.map((one) => (
          <Text key={one.message} size="sm">
            {one.__typename === "CannotMerge" && one.cases.length
              ? one.cases.map((each) => `${each.number}: ${each.message}`).join(" ")
              : one.message}
          </Text>
        ))}
      </Alert>
    );
  }
  return (
    <div className="panel" style={{ padding: "10px 14px" }}>
      <Text fw={600} size="sm" mb={4}>
        What would happen
      </Text>
      {preview.losers.map((loser) => {
        const moved = loser.moved.filter((one) => one.count > 0).map((one) => `${one.count} ${sentence(one.kind).toLowerCase()}`);
        const ends = [
          loser.endingClocks.length ? `${loser.endingClocks.length} promises end` : null,
          loser.queue ? `leaves ${loser.queue.name}` : null,
          Number(loser.returned) > 0 ? `${loser.returned} terms go back to ${loser.entitlement?.name}` : null,
          Number(loser.released) > 0 ? `${loser.released} terms are reserved no more` : null,
        ].filter(Boolean);
        return (
          <Text key={loser.case?.id} size="sm">
            <b>{loser.case?.number}</b> ends as merged
            {moved.length ? `; ${moved.join(", ")} go along` : ""}
            {ends.length ? `; ${ends.join(", ")}` : ""}.
          </Text>
        );
      })}
      <Text size="xs" c="dimmed" mt={4}>
        It can be undone from the case.
      </Text>
    </div>
  );
}
