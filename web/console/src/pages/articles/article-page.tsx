/** One article: what readers see, what waits to be published, what it was before, and the cases it helped with. */

import { Alert, Button, SegmentedControl, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Archive, BookX, Pencil, Send } from "lucide-react";
import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { ArchiveArticleDocument, ArticlePageDocument, type ArticlePageQuery, PublishArticleDocument } from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { Opening } from "../../frame/opening";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Refusals } from "../../parts/refusals";
import { useSession } from "../../session/viewer";
import { inFull, precise } from "../../words/times";
import { ArticleCases } from "./article-cases";
import { ArticleEditor } from "./article-editor";
import { ArticleTags, languageWord } from "./article-words";
import { readWaiting } from "./waiting";
import list from "../../parts/list.module.css";
import css from "./articles.module.css";

type Article = ArticlePageQuery["articles"]["nodes"][number];

const FRESH = { additionalTypenames: ["Article", "ArticleVersion"] };

export default function ArticlePage({ number, editing }: { number: string; editing: boolean }) {
  const [{ data, error, fetching }, again] = useQuery({
    query: ArticlePageDocument,
    variables: { number },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const article = data?.articles.nodes[0];
  const { may } = useSession();
  useEffect(() => {
    document.title = `${article?.title ?? number} · Casegraph`;
  }, [article?.title, number]);

  if (error && !data) return <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />;
  if (!data || (!article && fetching)) return <Opening />;
  if (!article) {
    return (
      <Nothing icon={BookX} title="There is no such article">
        It may be one that you cannot see. <Link href="/articles">To all articles</Link>
      </Nothing>
    );
  }
  if (editing && may("saveArticle")) return <ArticleEditor key={article.id} article={article} />;
  return <Reading key={article.id} article={article} />;
}

function Reading({ article }: { article: Article }) {
  const { viewer } = useSession();
  const waiting = readWaiting(article.draft);
  const [shows, setShows] = useState<"published" | "waiting">("published");
  const staff = viewer.role !== "CUSTOMER";
  const shown = waiting && shows === "waiting" ? waiting : article;
  return (
    <div className={list.page}>
      <div className={list.head}>
        <div className={list.name}>
          <Text c="dimmed" size="xs" className="number">
            {article.number} · {languageWord(article.language)}
            {article.subject && ` · ${article.subject.name}`}
          </Text>
          <Title order={1}>{shown.title}</Title>
          {staff && (
            <div className={list.tags}>
              <ArticleTags state={article.state} draft={article.draft} />
              <Text size="xs" c="dimmed">
                {article.author ? `By ${article.author.name}, ` : ""}changed {precise(article.updatedAt)}
              </Text>
            </div>
          )}
        </div>
        <Acts article={article} waits={waiting !== null} />
      </div>
      <div className={staff ? list.columns : undefined}>
        <div className={list.main}>
          <section className={`panel ${list.box}`} aria-label="Article">
            {waiting && (
              <SegmentedControl
                size="xs"
                mb="sm"
                value={shows}
                onChange={(next) => setShows(next as "published" | "waiting")}
                aria-label="Which text is shown"
                data={[
                  { value: "published", label: article.state === "PUBLISHED" ? "What readers see" : "As it was published" },
                  { value: "waiting", label: "What waits" },
                ]}
              />
            )}
            <div className={`${list.text} ${shown === waiting ? css.waiting : ""}`} lang={shown.language}>
              {shown.body}
            </div>
            {shown.keywords.length > 0 && (
              <Text size="xs" c="dimmed" mt="md">
                Keywords: {shown.keywords.join(", ")}
              </Text>
            )}
          </section>
        </div>
        {staff && (
          <div className={list.side}>
            <Versions article={article} />
            <ArticleCases id={article.id} />
          </div>
        )}
      </div>
    </div>
  );
}

function Acts({ article, waits }: { article: Article; waits: boolean }) {
  const { may } = useSession();
  const publish = useAct(PublishArticleDocument);
  const archive = useAct(ArchiveArticleDocument);
  const input = { articleId: article.id };
  const done = (message: string) => notifications.show({ color: "green", message });

  async function show() {
    const published = await publish.run(input);
    if (published) done(`${article.number} is published as version ${published.article?.version}.`);
  }
  async function retire() {
    if (await archive.run(input)) done(`${article.number} is archived: customers do not see it any more.`);
  }
  const publishable = article.state !== "PUBLISHED" || waits;
  return (
    <div>
      <div className={list.acts} role="toolbar" aria-label="What can be done">
        {may("archiveArticle") && article.state !== "ARCHIVED" && (
          <Button variant="default" leftSection={<Archive size={15} aria-hidden />} loading={archive.busy} onClick={retire}>
            Archive
          </Button>
        )}
        {may("saveArticle") && (
          <Button component={Link} href={`/articles/${article.number}/edit`} variant="default" leftSection={<Pencil size={15} aria-hidden />}>
            Edit
          </Button>
        )}
        {may("publishArticle") && publishable && (
          <Button leftSection={<Send size={15} aria-hidden />} loading={publish.busy} onClick={show}>
            {article.state === "ARCHIVED" ? "Publish again" : waits ? "Publish the changes" : "Publish"}
          </Button>
        )}
      </div>
      <Refusals of={[...publish.declined, ...archive.declined]} />
    </div>
  );
}

function Versions({ article }: { article: Article }) {
  const { nodes, totalCount } = article.versions;
  return (
    <section className={`panel ${list.box}`} aria-label="Versions">
      <h2 className={list.boxTitle}>Versions</h2>
      {nodes.length === 0 && (
        <Text size="sm" c="dimmed">
          It was not published yet.
        </Text>
      )}
      <ul className={list.rows}>
        {nodes.map((version) => (
          <li key={version.id}>
            <details>
              <summary style={{ cursor: "pointer", fontSize: 13 }}>
                <b>Version {version.number}</b>{" "}
                <Text span size="xs" c="dimmed" title={inFull(version.createdAt)}>
                  {precise(version.createdAt)}
                  {version.publishedBy && `, by ${version.publishedBy.name}`}
                </Text>
              </summary>
              <Text size="sm" fw={600} mt={6}>
                {version.title}
              </Text>
              <Text size="sm" style={{ whiteSpace: "pre-wrap" }} lang={version.language}>
                {version.body}
              </Text>
              {version.keywords.length > 0 && (
                <Text size="xs" c="dimmed" mt={4}>
                  {version.keywords.join(", ")}
                </Text>
              )}
            </details>
          </li>
        ))}
      </ul>
      {(totalCount ?? 0) > nodes.length && (
        <Alert color="gray" variant="outline" mt="xs">
          The {nodes.length} newest of {totalCount}; the API has all of them.
        </Alert>
      )}
    </section>
  );
}
