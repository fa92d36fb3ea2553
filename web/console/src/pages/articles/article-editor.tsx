/** Writing an article. What is saved is a draft, or waits beside what readers see, until it is published. */

import { Alert, Button, Select, TagsInput, Text, Textarea, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Save } from "lucide-react";
import { type FormEvent, useEffect, useMemo, useState } from "react";
import { useClient, useQuery } from "urql";
import { Link, useLocation } from "wouter";
import { type ArticleInFullFragment, ArticlePageDocument, SaveArticleDocument, SubjectsDocument } from "../../gql/graphql";
import { at, elsewhere, useAct } from "../../graph/act";
import { useKept } from "../../parts/kept";
import { Refusals } from "../../parts/refusals";
import { LANGUAGES, languageWord } from "./article-words";
import { readWaiting } from "./waiting";
import list from "../../parts/list.module.css";
import css from "./articles.module.css";

const FIELDS = ["title", "body", "language", "keywords", "subjectId"];
const EMPTY = { title: "", body: "", language: "en", keywords: [] as string[], subjectId: null as string | null, since: "" };

export function ArticleEditor({ article }: { article?: ArticleInFullFragment }) {
  const [, go] = useLocation();
  const client = useClient();
  const save = useAct(SaveArticleDocument);
  const [{ data }] = useQuery({ query: SubjectsDocument });
  const saved = useMemo(() => startOf(article), [article]);
  const { form, typed, change, forget } = useKept(`article.${article?.id ?? "new"}`, saved);
  const { since, ...said } = form;
  const [overtaken, setOvertaken] = useState(article !== undefined && since !== article.updatedAt);
  useEffect(() => {
    document.title = `${article ? `Edit ${article.number}` : "New article"} · Casegraph`;
  }, [article]);

  async function send(event: FormEvent) {
    event.preventDefault();
    if (article && !overtaken) {
      const asked = { number: article.number };
      const now = await client.query(ArticlePageDocument, asked, { requestPolicy: "network-only" }).toPromise();
      const changed = now.data?.articles.nodes[0]?.updatedAt;
      if (changed !== undefined && changed !== since) return setOvertaken(true);
    }
    const done = await save.run({ ...said, ...(article ? { articleId: article.id } : {}) });
    if (!done?.article) return;
    forget();
    notifications.show({ color: "green", message: `${done.article.number} is saved${done.article.version ? ": readers go on seeing what they do" : " as a draft"}.` });
    go(`/articles/${done.article.number}`);
  }

  const subjects = (data?.subjects.nodes ?? []).map((one) => ({ value: one.id, label: one.parent ? `${one.parent.name}: ${one.name}` : one.name }));
  const languages = [...new Set([...LANGUAGES, form.language])].map((value) => ({ value, label: `${languageWord(value)} (${value})` }));
  return (
    <div className={list.page}>
      <div className={list.head}>
        <div className={list.name}>
          <Title order={1}>{article ? `Edit ${article.number}` : "Write an article"}</Title>
          <Text size="sm" c="dimmed">
            {article?.version ? "Readers go on seeing what was published, until this is published as well." : "It is a draft until it is published."}
          </Text>
        </div>
      </div>
      <form onSubmit={send} className={`panel ${list.box} ${list.form}`} aria-label="Article">
        <TextInput
          label="Title"
          withAsterisk
          maxLength={200}
          value={form.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
          error={at(save.declined, "title")}
        />
        <Textarea
          className={css.body}
          label="Text"
          description="As it is to be read: lines and paragraphs stay as they are typed."
          withAsterisk
          autosize
          minRows={12}
          maxLength={20_000}
          value={form.body}
          onChange={(event) => change({ body: event.currentTarget.value })}
          error={at(save.declined, "body")}
        />
        <div className={list.pair}>
          <LanguageField value={form.language} offered={languages} change={(language) => change({ language })} error={at(save.declined, "language")} />
          <Select
            label="About"
            placeholder="No subject"
            data={subjects}
            value={form.subjectId}
            onChange={(subjectId) => change({ subjectId })}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "No subject" }}
            error={at(save.declined, "subjectId")}
          />
        </div>
        <TagsInput
          label="Keywords"
          description="Further words by which it is found; Enter takes each."
          maxTags={20}
          value={form.keywords}
          onChange={(keywords) => change({ keywords })}
          error={at(save.declined, "keywords")}
        />
        {overtaken && (
          <Alert color="yellow" variant="outline" role="alert" title="Somebody saved this article meanwhile">
            Save again to have yours instead, or{" "}
            <Link href={`/articles/${article?.number}`}>look at what is there now</Link>; what you typed stays here.
          </Alert>
        )}
        <Refusals of={elsewhere(save.declined, FIELDS)} />
        <div className={list.foot}>
          {typed && (
            <Text size="sm" c="dimmed" mr="auto">
              Not saved; kept in this tab.
            </Text>
          )}
          {article && typed && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                forget();
                setOvertaken(false);
              }}
            >
              Take back what I typed
            </Button>
          )}
          <Button component={Link} href={article ? `/articles/${article.number}` : "/articles"} variant="default">
            Leave
          </Button>
          <Button type="submit" leftSection={<Save size={15} aria-hidden />} loading={save.busy}>
            {article?.version ? "Save the changes" : "Save as a draft"}
          </Button>
        </div>
      </form>
    </div>
  );
}

interface LanguageProps {
  value: string;
  offered: { value: string; label: string }[];
  change: (tag: string) => void;
  error: string | undefined;
}

/** Any language may be typed as its tag; the usual ones are offered. */
function LanguageField({ value, offered, change, error }: LanguageProps) {
  const [typed, type] = useState("");
  const tag = typed.trim();
  const own = /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(tag) && !offered.some((one) => one.value === tag);
  return (
    <Select
      label="Language"
      data={own ? [...offered, { value: tag, label: `${languageWord(tag)} (${tag})` }] : offered}
      value={value}
      onChange={(next) => next && change(next)}
      searchable
      onSearchChange={type}
      nothingFoundMessage="A language is written as en or pt-BR"
      allowDeselect={false}
      error={error}
    />
  );
}

/** What is to be changed, and since when it has been like that. */
function startOf(article: ArticleInFullFragment | undefined): typeof EMPTY {
  if (!article) return EMPTY;
  const waiting = readWaiting(article.draft);
  const since = article.updatedAt;
  if (waiting) return { ...waiting, since };
  const { title, body, language, keywords, subject } = article;
  return { title, body, language, keywords, subjectId: subject?.id ?? null, since };
}
