/** Words for where an article stands, and the languages that articles are written in. */

import type { ArticleState } from "../../gql/graphql";
import { Tag } from "../../look/tag";
import type { Tone } from "../../words/labels";

export const ARTICLE_STATES: Record<ArticleState, { word: string; tone: Tone }> = {
  DRAFT: { word: "Draft", tone: "amber" },
  PUBLISHED: { word: "Published", tone: "green" },
  ARCHIVED: { word: "Archived", tone: "gray" },
};

export function ArticleTags({ state, draft }: { state: ArticleState; draft: unknown }) {
  const { word, tone } = ARTICLE_STATES[state];
  return (
    <>
      <Tag tone={tone}>{word}</Tag>
      {Boolean(draft) && <Tag tone="violet">Changes wait</Tag>}
    </>
  );
}

/** Languages that are offered at once; any other is typed as its tag. */
export const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "pt", "pt-BR", "cs", "da", "sv", "fi", "ja", "zh"];

const names = new Intl.DisplayNames("en-GB", { type: "language", fallback: "code" });

/** "German", "Brazilian Portuguese"; what is no language is shown as it is. */
export function languageWord(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
