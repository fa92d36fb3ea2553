/** Cases that have to do with this one: its parts, linked ones, those merged into it, and similar ones. */

import { Button, Group, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { GitBranch, Plus } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { useQuery } from "urql";
import {
  RelatedCasesDocument,
  type RelatedCasesQuery,
  RemoveChildCaseDocument,
  UnlinkCasesDocument,
  UnmergeCaseDocument,
} from "../../../gql/graphql";
import { useAct } from "../../../graph/act";
import { Failure } from "../../../parts/failure";
import { Nothing } from "../../../parts/nothing";
import { useSession } from "../../../session/viewer";
import { precise } from "../../../words/times";
import { tell, useCaseAct, useShown } from "../use-case-act";
import { CaseLine } from "./case-line";
import { LINK_WORDS } from "./link-words";
import { RelateDialog } from "./relate-dialog";
import css from "./panels.module.css";
import page from "../case.module.css";

type Found = NonNullable<RelatedCasesQuery["case"]>;

const TYPES = { additionalTypenames: ["CaseLink", "CaseMerge"] };

export function Related() {
  const { case: one } = useShown();
  const { may } = useSession();
  const [relating, relate] = useDisclosure();
  const [{ data, error }, again] = useQuery({
    query: RelatedCasesDocument,
    variables: { number: one.number, caseId: one.id },
    context: TYPES,
  });
  if (error) return <Failure error={error} retry={again} />;
  if (!data) return <Skeleton h={120} />;
  const { children, links, merges } = data.case ?? { children: { nodes: [] }, links: { nodes: [] }, merges: { nodes: [] } };
  const similar = data.similarCases ?? [];
  const bare = !children.nodes.length && !links.nodes.length && !merges.nodes.length;
  return (
    <>
      {may("linkCases") && (
        <Group justify="flex-end" mb="xs">
          <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={relate.open}>
            Link a case
          </Button>
        </Group>
      )}
      {bare && !similar.length && <Nothing small icon={GitBranch} title="No case has to do with this one" />}
      <Section title="Parts of this case" some={children.nodes.length > 0}>
        {children.nodes.map((child) => (
          <CaseLine key={child.id} case={child}>
            {may("removeChildCase") && <TakeChild id={child.id} number={child.number} />}
          </CaseLine>
        ))}
      </Section>
      <Section title="Linked" some={links.nodes.length > 0}>
        {links.nodes.map((link) => link.other && (
          <CaseLine key={link.id} case={link.other} before={LINK_WORDS[link.kind]} after={link.note ?? undefined}>
            {may("unlinkCases") && <TakeLink id={link.id} number={link.other.number} />}
          </CaseLine>
        ))}
      </Section>
      <Section title="Merged into this one" some={merges.nodes.length > 0}>
        {merges.nodes.map((merge) => <Merge key={merge.id} merge={merge} />)}
      </Section>
      <Section title="Similar cases" some={similar.length > 0}>
        {similar.map(({ case: other }) => (
          <CaseLine key={other.id} case={other} />
        ))}
      </Section>
      <RelateDialog opened={relating} close={relate.close} />
    </>
  );
}

function Section({ title, some, children }: { title: string; some: boolean; children: ReactNode }) {
  if (!some) return null;
  return (
    <section style={{ marginBottom: 18 }} aria-label={title}>
      <h3 className={page.boxTitle}>{title}</h3>
      <ul className={css.rows}>{children}</ul>
    </section>
  );
}

function Merge({ merge }: { merge: Found["merges"]["nodes"][number] }) {
  const { may } = useSession();
  const { case: one, refresh } = useShown();
  const act = useAct(UnmergeCaseDocument);
  useEffect(() => tell(act.declined), [act.declined]);
  const loser = merge.loser;
  if (!loser) return null;
  const said = `${precise(merge.createdAt)}${merge.mergedBy ? ` by ${merge.mergedBy.name}` : ""}${merge.undoneAt ? `, undone ${precise(merge.undoneAt)}` : ""}`;
  return (
    <CaseLine case={loser} after={said}>
      {!merge.undoneAt && one.status === "ACTIVE" && may("unmergeCase") && (
        <Button
          size="compact-sm"
          variant="default"
          loading={act.busy}
          onClick={async () => {
            if (await act.run({ caseId: loser.id })) refresh();
          }}
        >
          Undo the merge
        </Button>
      )}
    </CaseLine>
  );
}

function TakeChild({ id, number }: { id: string; number: string }) {
  const act = useCaseAct(RemoveChildCaseDocument);
  useEffect(() => tell(act.declined), [act.declined]);
  return (
    <Button size="compact-sm" variant="subtle" color="gray" loading={act.busy} aria-label={`Take away ${number}`} onClick={() => act.run({ childId: id })}>
      Take away
    </Button>
  );
}

function TakeLink({ id, number }: { id: string; number: string }) {
  const act = useAct(UnlinkCasesDocument);
  useEffect(() => tell(act.declined), [act.declined]);
  return (
    <Button size="compact-sm" variant="subtle" color="gray" loading={act.busy} aria-label={`Unlink ${number}`} onClick={() => act.run({ linkId: id })}>
      Unlink
    </Button>
  );
}
