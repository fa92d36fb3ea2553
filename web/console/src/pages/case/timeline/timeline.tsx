/** Everything that happened, newest first, with a place to say something on top. */

import { Button, Center, Chip } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { useClient } from "urql";
import { type EntryFragment, OlderEntriesDocument, type TimelineKind } from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { useShown } from "../use-case-act";
import { Composer } from "./composer";
import { Entry } from "./entry";
import css from "./timeline.module.css";

interface Page {
  nodes: EntryFragment[];
  pageInfo: { endCursor?: string | null | undefined; hasNextPage: boolean };
}

const KINDS: Record<string, { word: string; kinds: TimelineKind[] | null }> = {
  all: { word: "All", kinds: null },
  said: { word: "Messages", kinds: ["MESSAGE"] },
  done: { word: "Activities and files", kinds: ["ACTIVITY", "ATTACHMENT"] },
  happened: { word: "History", kinds: ["EVENT", "CLOCK", "POSTING"] },
};
const MORE = 30;

export function Timeline({ first, description }: { first: Page; description: string }) {
  const { case: one } = useShown();
  const { people, teams, queues, staff } = useSession();
  const client = useClient();
  const [kind, setKind] = useState("all");
  const [chosen, setChosen] = useState<Page | null>(null);
  const [older, setOlder] = useState<Page[]>([]);
  const [busy, setBusy] = useState(false);

  const names = useMemo(() => new Map([...people, ...teams, ...queues].map((who) => [who.id, who.name])), [people, teams, queues]);
  const nameOf = useCallback((id: string) => names.get(id), [names]);

  async function load(after: string | null, kinds: TimelineKind[] | null): Promise<Page | null> {
    setBusy(true);
    const variables = { number: one.number, first: MORE, after, kinds };
    const { data } = await client.query(OlderEntriesDocument, variables, { requestPolicy: "network-only" }).toPromise();
    setBusy(false);
    return data?.case?.timeline ?? null;
  }
  async function choose(value: string) {
    setKind(value);
    setOlder([]);
    const kinds = KINDS[value]?.kinds ?? null;
    setChosen(kinds ? await load(null, kinds) : null);
  }

  const pages = [chosen ?? first, ...older];
  const last = pages.at(-1)!;
  const entries = pages.flatMap((page) => page.nodes);
  return (
    <>
      <Composer />
      {staff && (
        <Chip.Group value={kind} onChange={(value) => choose(value as string)}>
          <div className={css.kinds} role="group" aria-label="What the timeline shows">
            {Object.entries(KINDS).map(([value, { word }]) => (
              <Chip key={value} value={value} size="xs" variant="light">
                {word}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      )}
      <ol className={css.list} aria-busy={busy}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} nameOf={nameOf} />
        ))}
      </ol>
      {last.pageInfo.hasNextPage ? (
        <Center mt="sm">
          <Button
            variant="default"
            loading={busy}
            onClick={async () => {
              const page = await load(last.pageInfo.endCursor ?? null, KINDS[kind]?.kinds ?? null);
              if (page) setOlder([...older, page]);
            }}
          >
            Older
          </Button>
        </Center>
      ) : (
        description && kind === "all" && (
          <div className={css.message} data-from="customer" style={{ marginTop: 10, marginInlineStart: 34 }}>
            <div className={css.messageHead}>
              <b>What was asked</b>
            </div>
            <div className={css.body}>{description}</div>
          </div>
        )
      )}
    </>
  );
}
