/** What can be done with all cases that are ticked. */

import { Button, CloseButton, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Combine } from "lucide-react";
import type { CaseRowFragment } from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { BulkChanges } from "./bulk-changes";
import { MergeDialog } from "./merge-dialog";
import css from "../cases.module.css";

const MOST_MERGED = 11; // ten go into one

export function BulkBar({ cases, clear }: { cases: CaseRowFragment[]; clear: () => void }) {
  const { may } = useSession();
  const [merging, merge] = useDisclosure();
  if (!cases.length) return null;
  return (
    <div className={css.bulk} role="region" aria-label="Ticked cases">
      <Text size="sm" fw={600} aria-live="polite">
        {cases.length === 1 ? "1 case" : `${cases.length} cases`} ticked
      </Text>
      <Group gap={6}>
        {may("bulkUpdateCases") && <BulkChanges cases={cases} clear={clear} />}
        {may("mergeCases") && (
          <Button
            variant="default"
            leftSection={<Combine size={15} aria-hidden />}
            disabled={cases.length < 2 || cases.length > MOST_MERGED}
            onClick={merge.open}
          >
            Merge…
          </Button>
        )}
        <CloseButton aria-label="Untick all" onClick={clear} />
      </Group>
      <MergeDialog
        cases={cases}
        opened={merging}
        close={merge.close}
        done={() => {
          merge.close();
          clear();
        }}
      />
    </div>
  );
}
