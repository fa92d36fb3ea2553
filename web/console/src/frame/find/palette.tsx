/** Ctrl-K: going anywhere, and finding cases and articles by any word said in them. */

import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { BookOpen, FileText, Plus, Search } from "lucide-react";
import { useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { FindDocument } from "../../gql/graphql";
import { useNewCase } from "../../new-case/use-new-case";
import { useSession } from "../../session/viewer";
import { REASON_WORDS } from "../../words/labels";
import { PLACES } from "../places";

export function Palette() {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 180);
  const [, go] = useLocation();
  const [, openNew] = useNewCase();
  const { may } = useSession();
  const [{ data, fetching }] = useQuery({ query: FindDocument, variables: { text: asked }, pause: asked.length < 2 });

  const said = text.trim().toLowerCase();
  const found: SpotlightActionData[] = (asked.length < 2 ? [] : (data?.search.hits ?? [])).flatMap(({ node, snippet }) => {
    if (node.__typename === "Case") {
      const description = `${node.number} · ${REASON_WORDS[node.statusReason]} · ${snippet}`;
      return [{ id: node.id, label: node.title, description, leftSection: <FileText size={17} />, onClick: () => go(`/cases/${node.number}`) }];
    }
    if (node.__typename === "Article") {
      return [{ id: node.id, label: node.title, description: `${node.number} · ${snippet}`, leftSection: <BookOpen size={17} />, onClick: () => go(`/articles/${node.number}`) }];
    }
    return [];
  });
  const acts: SpotlightActionData[] = [
    ...(may("createCase") ? [{ id: "new", label: "New case", leftSection: <Plus size={17} />, onClick: () => openNew(true) }] : []),
    ...PLACES.filter((place) => !place.needs || may(place.needs)).map(({ href, word, icon: Icon }) => ({
      id: href,
      label: word,
      leftSection: <Icon size={17} />,
      onClick: () => go(href),
    })),
  ].filter((act) => act.label.toLowerCase().includes(said));
  const groups: SpotlightActionGroupData[] = [
    ...(found.length ? [{ group: "Found", actions: found }] : []),
    ...(acts.length ? [{ group: "Go to", actions: acts }] : []),
  ];
  return (
    <Spotlight
      actions={groups}
      filter={(_, all) => all}
      query={text}
      onQueryChange={setText}
      nothingFound={fetching ? "Looking…" : "Nothing says that"}
      limit={20}
      scrollable
      maxHeight={440}
      searchProps={{
        leftSection: <Search size={18} aria-hidden />,
        placeholder: "Cases, articles, places…",
        "aria-label": "Find anything",
      }}
    />
  );
}
