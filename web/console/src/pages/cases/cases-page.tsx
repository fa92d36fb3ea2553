/** The list of cases: a view or filters above, a page of rows below. */

import { Button, Group, Text, Title } from "@mantine/core";
import { ChevronLeft, ChevronRight, SearchX } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { CaseListDocument } from "../../gql/graphql";
import { useCasesLive } from "../../live/live";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { BulkBar } from "./bulk/bulk-bar";
import { CaseTable } from "./case-table";
import { FilterBar } from "./filter-bar";
import { asked, PAGE, useFilters } from "./filters";
import { WaitingRows } from "./waiting-rows";
import css from "./cases.module.css";

export function CasesPage() {
  const [filters, change] = useFilters();
  const [cursors, setCursors] = useState<string[]>([]);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const tick = useCallback(
    (some: string[], on: boolean) =>
      setTicked((before) => new Set(on ? [...before, ...some] : [...before].filter((id) => !some.includes(id)))),
    [],
  );
  const question = asked(filters);
  const said = JSON.stringify(question);
  useEffect(() => {
    setCursors([]);
    setTicked(new Set());
  }, [said]);
  useEffect(() => {
    document.title = "Cases · Casegraph";
  }, []);

  const [{ data, error, fetching, stale }, again] = useQuery({
    query: CaseListDocument,
    variables: { ...question, first: PAGE, after: cursors.at(-1) ?? null },
    requestPolicy: "cache-and-network",
  });
  const page = data?.cases;
  const { may, staff } = useSession();
  const ids = useMemo(() => page?.nodes.map((one) => one.id) ?? [], [page]);
  useCasesLive(ids, !staff, () => again({ requestPolicy: "network-only" }));
  const before = cursors.length * PAGE;

  return (
    <div className={css.page}>
      <Group justify="space-between" wrap="nowrap" className={css.head}>
        <Title order={1}>Cases</Title>
        <Text c="dimmed" size="sm" className="number" aria-live="polite">
          {page ? `${page.totalCount?.toLocaleString() ?? "Many"} in all` : " "}
        </Text>
      </Group>
      <FilterBar filters={filters} change={change} />
      <BulkBar cases={page?.nodes.filter((one) => ticked.has(one.id)) ?? []} clear={() => setTicked(new Set())} />
      <div className={`panel ${css.list}`} aria-busy={fetching || stale}>
        {error && !page ? (
          <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
        ) : !page ? (
          <WaitingRows />
        ) : page.nodes.length === 0 ? (
          <Nothing icon={SearchX} title="No case is like that">
            Nothing fits all of what is set above. Take something away, or look at another view.
          </Nothing>
        ) : (
          <CaseTable cases={page.nodes} ticked={ticked} tick={may("bulkUpdateCases") || may("mergeCases") ? tick : undefined} />
        )}
      </div>
      {page && (page.pageInfo.hasNextPage || cursors.length > 0) && (
        <Group justify="space-between" className={css.foot}>
          <Text c="dimmed" size="sm" className="number">
            {before + 1}–{before + page.nodes.length}
          </Text>
          <Group gap="xs">
            <Button
              variant="default"
              disabled={cursors.length === 0}
              leftSection={<ChevronLeft size={15} aria-hidden />}
              onClick={() => setCursors(cursors.slice(0, -1))}
            >
              Previous
            </Button>
            <Button
              variant="default"
              disabled={!page.pageInfo.hasNextPage}
              rightSection={<ChevronRight size={15} aria-hidden />}
              onClick={() => page.pageInfo.endCursor && setCursors([...cursors, page.pageInfo.endCursor])}
            >
              Next
            </Button>
          </Group>
        </Group>
      )}
    </div>
  );
}
