/** The internal record: what only the owner of the case and the administrators read and write. */

import { Button, Group, Skeleton, Text, Textarea } from "@mantine/core";
import { EyeOff, Lock } from "lucide-react";
import { useState } from "react";
import { useQuery } from "urql";
import { AddInternalRecordDocument, InternalRecordsDocument } from "../../../gql/graphql";
import { Failure } from "../../../parts/failure";
import { Nothing } from "../../../parts/nothing";
import { precise } from "../../../words/times";
import { meant, useCaseAct, useShown } from "../use-case-act";
import css from "./panels.module.css";

const TYPES = { additionalTypenames: ["InternalRecord"] };

export default function Internal() {
  const { case: one } = useShown();
  const [body, setBody] = useState("");
  const act = useCaseAct(AddInternalRecordDocument);
  const [{ data, error }, again] = useQuery({ query: InternalRecordsDocument, variables: { number: one.number }, context: TYPES });
  if (error) return <Failure error={error} retry={again} />;
  const records = data?.case?.internalRecords.nodes ?? [];
  return (
    <>
      <Group gap={6} mb="sm">
        <Lock size={14} aria-hidden />
        <Text size="sm" c="dimmed">
          Only the owner of the case and administrators read this.
        </Text>
      </Group>
      {one.status === "ACTIVE" && (
        <>
          <Textarea
            aria-label="Internal record"
            placeholder="What colleagues and the customer are not to read…"
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
            autosize
            minRows={3}
            maxRows={16}
            maxLength={20_000}
            error={act.declined.map(meant).join(" ") || undefined}
          />
          <Group justify="flex-end" mt="xs" mb="sm">
            <Button
              disabled={!body.trim()}
              loading={act.busy}
              onClick={async () => {
                if (await act.run({ body })) setBody("");
              }}
            >
              Write it down
            </Button>
          </Group>
        </>
      )}
      {!data ? <Skeleton h={60} /> : records.length === 0 && <Nothing small icon={EyeOff} title="Nothing is written down" />}
      <ul className={css.rows}>
        {records.map((record) => (
          <li key={record.id} className={css.row} style={{ display: "block" }}>
            <Text size="xs" c="dimmed">
              {record.author?.name ?? "The system"} · {precise(record.createdAt)}
            </Text>
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {record.body}
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}
