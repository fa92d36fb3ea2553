/** The cases that an article helped with. */

import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "urql";
import { Link } from "wouter";
import { ArticleCasesDocument } from "../../gql/graphql";
import { StatusTag } from "../../look/tag";
import { Failure } from "../../parts/failure";
import { Pager, usePaging } from "../../parts/pager";
import { brief } from "../../words/times";
import list from "../../parts/list.module.css";

const PAGE = 10;
const FRESH = { additionalTypenames: ["ArticleLink"] };

export function ArticleCases({ id }: { id: string }) {
  const paging = usePaging(id, PAGE);
  const [{ data, error }, again] = useQuery({
    query: ArticleCasesDocument,
    variables: { id, first: PAGE, after: paging.after },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const cases = data?.article?.cases;
  return (
    <section className={`panel ${list.box}`} aria-label="Cases it helped with">
      <h2 className={list.boxTitle}>
        Cases it helped with
        <Text span size="sm" c="dimmed" className="number">
          {cases?.totalCount ?? ""}
        </Text>
      </h2>
      {error && !cases ? (
        <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
      ) : !cases ? (
        <Skeleton h={60} />
      ) : cases.nodes.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet: it is linked from the knowledge of a case.
        </Text>
      ) : (
        <ul className={list.rows}>
          {cases.nodes.map(
            ({ id: link, case: one, linkedBy, createdAt }) =>
              one && (
                <li key={link}>
                  <Link href={`/cases/${one.number}`} className={list.title} style={{ whiteSpace: "normal", fontSize: 13 }}>
                    {one.title}
                  </Link>
                  <div className={list.tags} style={{ marginTop: 3 }}>
                    <StatusTag status={one.status} reason={one.statusReason} />
                    <Text size="xs" c="dimmed" className="number">
                      {one.number}, linked {brief(createdAt)}
                      {linkedBy && ` by ${linkedBy.name}`}
                    </Text>
                  </div>
                </li>
              ),
          )}
        </ul>
      )}
      {cases && <Pager paging={paging} shown={cases.nodes.length} total={cases.totalCount} info={cases.pageInfo} />}
    </section>
  );
}
