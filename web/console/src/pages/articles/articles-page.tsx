/** What is known already: articles in every state, found by any word said in them. */

import { Button, Select, Table, Text, Title } from "@mantine/core";
import { BookOpen, BookX, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { ArticleListDocument, type ArticleListQuery, type ArticleOrder, type ArticleState, type ArticleWhere } from "../../gql/graphql";
import { useAddress } from "../../parts/address";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Pager, usePaging } from "../../parts/pager";
import { SearchBox } from "../../parts/search-box";
import { useSession } from "../../session/viewer";
import { options } from "../../words/labels";
import { brief, inFull } from "../../words/times";
import { WaitingRows } from "../cases/waiting-rows";
import { ARTICLE_STATES, ArticleTags, LANGUAGES, languageWord } from "./article-words";
import list from "../../parts/list.module.css";
import css from "./articles.module.css";

const PAGE = 50;
const NAMES = ["text", "state", "language", "sort"] as const;
const FRESH = { additionalTypenames: ["Article"] };

const SORTS: Record<string, { word: string; order: ArticleOrder[] }> = {
  updated: { word: "Last changed first", order: [{ updatedAt: "DESC" }] },
  published: { word: "Last published first", order: [{ publishedAt: "DESC" }] },
  title: { word: "By title", order: [{ title: "ASC" }] },
};

export default function ArticlesPage() {
  const { may, viewer } = useSession();
  const [said, change] = useAddress(NAMES);
  const language = useTyped(said.language);
  const staff = viewer.role !== "CUSTOMER";
  useEffect(() => {
    document.title = "Articles · Casegraph";
  }, []);

  const where: ArticleWhere = {
    ...(said.state in ARTICLE_STATES ? { state: { eq: said.state as ArticleState } } : {}),
    ...(said.language ? { language: { eq: said.language } } : {}),
  };
  const search = said.text.trim() || null;
  const order = SORTS[said.sort]?.order ?? (search ? null : SORTS.updated!.order);
  const question = { where: Object.keys(where).length ? where : null, search, orderBy: order };
  const paging = usePaging(JSON.stringify(question), PAGE);
  const [{ data, error, fetching, stale }, again] = useQuery({
    query: ArticleListDocument,
    variables: { ...question, first: PAGE, after: paging.after },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const page = data?.articles;
  const narrowed = Boolean(search || said.state || said.language);

  return (
    <div className={list.page}>
      <div className={list.head}>
        <Title order={1}>Articles</Title>
        <div className={list.headEnd}>
          <Text c="dimmed" size="sm" className="number" aria-live="polite">
            {page ? `${page.totalCount?.toLocaleString() ?? "Many"} in all` : " "}
          </Text>
          {may("saveArticle") && (
            <Button component={Link} href="/articles/new" leftSection={<Plus size={15} aria-hidden />}>
              Write an article
            </Button>
          )}
        </div>
      </div>
      <div className={list.filters} role="search" aria-label="Filter articles">
        <SearchBox
          className={list.search}
          label="Search in articles"
          placeholder="Title, words, keywords…"
          value={said.text}
          onChange={(text) => change({ text })}
        />
        {staff && (
          <Select
            className={list.choice}
            aria-label="State"
            placeholder="Any state"
            data={options(ARTICLE_STATES)}
            value={said.state || null}
            onChange={(state) => change({ state: state ?? "" })}
            clearable
            clearButtonProps={{ "aria-label": "Any state" }}
          />
        )}
        <Select
          className={list.choice}
          aria-label="Language"
          placeholder="Any language"
          data={language.offered}
          value={said.language || null}
          onChange={(tag) => change({ language: tag ?? "" })}
          searchable
          onSearchChange={language.type}
          nothingFoundMessage="A language is written as en or pt-BR"
          clearable
          clearButtonProps={{ "aria-label": "Any language" }}
        />
        <Select
          className={list.choice}
          aria-label="Order"
          placeholder={search ? "Best first" : "Last changed first"}
          data={options(SORTS)}
          value={said.sort || null}
          onChange={(sort) => change({ sort: sort ?? "" })}
          clearable
          clearButtonProps={{ "aria-label": "The usual order" }}
        />
      </div>
      <div className={`panel ${list.list}`} aria-busy={fetching || stale}>
        {error && !page ? (
          <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
        ) : !page ? (
          <WaitingRows />
        ) : page.nodes.length === 0 ? (
          narrowed ? (
            <Nothing icon={BookX} title="No article is like that">
              Other words may find it, or another state or language.
            </Nothing>
          ) : (
            <Nothing icon={BookOpen} title="Nothing is written yet">
              {may("saveArticle") && "An answer that is given twice is worth an article."}
            </Nothing>
          )
        ) : (
          <Rows articles={page.nodes} staff={staff} />
        )}
      </div>
      {page && <Pager paging={paging} shown={page.nodes.length} total={page.totalCount} info={page.pageInfo} />}
    </div>
  );
}

/** The languages that are offered, with one that was typed as its tag. */
function useTyped(chosen: string) {
  const [typed, type] = useState("");
  const tag = typed.trim();
  const own = /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(tag) ? [tag] : [];
  const offered = [...new Set([...LANGUAGES, ...own, ...(chosen ? [chosen] : [])])].map((value) => ({ value, label: `${languageWord(value)} (${value})` }));
  return { offered, type };
}

function Rows({ articles, staff }: { articles: ArticleListQuery["articles"]["nodes"]; staff: boolean }) {
  return (
    <Table className={`${list.table} ${staff ? css.table : ""}`} highlightOnHover highlightOnHoverColor="var(--hover)">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Article</Table.Th>
          {staff && <Table.Th>State</Table.Th>}
          <Table.Th>About</Table.Th>
          <Table.Th>Language</Table.Th>
          {staff && <Table.Th>Helped with</Table.Th>}
          <Table.Th>Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {articles.map((one) => (
          <Table.Tr key={one.id}>
            <Table.Td>
              <Link href={`/articles/${one.number}`} className={list.title}>
                {one.title}
              </Link>
              <Text c="dimmed" size="xs" className="number">
                {one.number}
                {staff && one.version > 0 && `, version ${one.version}`}
              </Text>
            </Table.Td>
            {staff && (
              <Table.Td>
                <span className={css.states}>
                  <ArticleTags state={one.state} draft={one.draft} />
                </span>
              </Table.Td>
            )}
            <Table.Td data-desk>{one.subject?.name ?? <Text span c="dimmed">–</Text>}</Table.Td>
            <Table.Td>{languageWord(one.language)}</Table.Td>
            {staff && (
              <Table.Td className="number" data-desk>
                {one.cases.totalCount === 1 ? "1 case" : `${one.cases.totalCount ?? 0} cases`}
              </Table.Td>
            )}
            <Table.Td data-desk>
              <Text span c="dimmed" size="sm" className="number" title={inFull(one.updatedAt)}>
                {brief(one.updatedAt)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
