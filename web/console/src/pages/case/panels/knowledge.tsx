/** Articles that help with the case: linked ones, those that seem to fit, and any that is looked for. */

import { ActionIcon, Button, Text, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { BookOpen, Link2, Search, Unlink } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import {
  type ArticleLineFragment,
  type CasePageQuery,
  FindArticlesDocument,
  HelpfulDocument,
  LinkArticleDocument,
  UnlinkArticleDocument,
} from "../../../gql/graphql";
import { Nothing } from "../../../parts/nothing";
import { useSession } from "../../../session/viewer";
import { tell, useCaseAct, useShown } from "../use-case-act";
import css from "./panels.module.css";
import page from "../case.module.css";

/** What is suggested is asked anew when links change. */
const LINKS = { additionalTypenames: ["ArticleLink"] };

type Links = NonNullable<CasePageQuery["case"]>["articles"]["nodes"];

export function Knowledge({ links }: { links: Links }) {
  const { case: one } = useShown();
  const { may } = useSession();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const [{ data: helpful }] = useQuery({ query: HelpfulDocument, variables: { caseId: one.id }, context: LINKS });
  const [{ data: found }] = useQuery({ query: FindArticlesDocument, variables: { text: asked }, pause: asked.length < 2 });
  const link = useCaseAct(LinkArticleDocument);
  const unlink = useCaseAct(UnlinkArticleDocument);
  useEffect(() => tell(link.declined), [link.declined]);
  useEffect(() => tell(unlink.declined), [unlink.declined]);

  const linked = new Set(links.map((each) => each.article?.id));
  const offered = (asked.length >= 2 ? (found?.articles.nodes ?? []) : (helpful?.suggestedArticles ?? []).map((each) => each.article)).filter(
    (article) => !linked.has(article.id),
  );
  const canLink = one.status === "ACTIVE" && may("linkArticle");
  return (
    <>
      <h3 className={page.boxTitle}>Linked</h3>
      {links.length === 0 && <Nothing small icon={BookOpen} title="No article is linked" />}
      <ul className={css.rows}>
        {links.map(
          (each) =>
            each.article && (
              <Row key={each.id} article={each.article}>
                {canLink && (
                  <Tooltip label="Take it away">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Take away ${each.article.title}`}
                      onClick={() => unlink.run({ articleId: each.article!.id })}
                    >
                      <Unlink size={15} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                )}
              </Row>
            ),
        )}
      </ul>
      <h3 className={page.boxTitle} style={{ marginTop: 18 }}>
        {asked.length >= 2 ? "Found" : "May help"}
      </h3>
      <TextInput
        aria-label="Search articles"
        placeholder="Search articles…"
        leftSection={<Search size={15} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        mb="xs"
      />
      {offered.length === 0 && (
        <Text c="dimmed" size="sm">
          {asked.length >= 2 ? "No article says that." : "Nothing seems to fit."}
        </Text>
      )}
      <ul className={css.rows}>
        {offered.map((article) => (
          <Row key={article.id} article={article}>
            {canLink && (
              <Button
                size="compact-sm"
                variant="light"
                leftSection={<Link2 size={14} aria-hidden />}
                onClick={() => link.run({ articleId: article.id })}
              >
                Link
              </Button>
            )}
          </Row>
        ))}
      </ul>
    </>
  );
}

function Row({ article, children }: { article: ArticleLineFragment; children: ReactNode }) {
  return (
    <li className={css.row}>
      <BookOpen size={16} aria-hidden className={css.rowIcon} />
      <div className={css.rowMain}>
        <Link href={`/articles/${article.number}`} className={css.rowLink}>
          {article.title}
        </Link>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {article.number} · {article.body}
        </Text>
      </div>
      {children}
    </li>
  );
}
