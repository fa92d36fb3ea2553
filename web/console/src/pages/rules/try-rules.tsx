/** What the rules would make of a case as it stands; nothing is done to it. */

import { Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { FindCasesDocument, TryRulesDocument } from "../../gql/graphql";
import { Tag } from "../../look/tag";
import { Failure } from "../../parts/failure";
import { TRIGGERS } from "./rule-words";
import list from "../../parts/list.module.css";

export function TryRules() {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [asked] = useDebouncedValue(text.trim(), 250);
  const [{ data: found, fetching }] = useQuery({ query: FindCasesDocument, variables: { text: asked }, pause: asked.length < 2 });
  const [{ data, error }, again] = useQuery({
    query: TryRulesDocument,
    variables: { caseId: chosen?.value ?? "" },
    pause: !chosen,
    requestPolicy: "network-only",
  });
  const cases = (asked.length < 2 ? [] : (found?.cases.nodes ?? [])).map((one) => ({ value: one.id, label: `${one.number} ${one.title}` }));
  const offered = chosen && !cases.some((one) => one.value === chosen.value) ? [...cases, chosen] : cases;
  return (
    <section className={`panel ${list.box}`} aria-label="Try the rules on a case">
      <h2 className={list.boxTitle}>Try the rules on a case</h2>
      <Select
        maw={480}
        aria-label="Case to try the rules on"
        placeholder="Number or title of a case…"
        data={offered}
        value={chosen?.value ?? null}
        onChange={(_, option) => setChosen(option ?? null)}
        searchable
        onSearchChange={setText}
        filter={({ options }) => options}
        nothingFoundMessage={fetching ? "Looking…" : asked.length < 2 ? "Type two letters" : "No case says that"}
        clearable
        clearButtonProps={{ "aria-label": "Another case" }}
      />
      {chosen && error && <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />}
      {chosen && data?.previewAutomation && (
        <ul className={list.rows} style={{ marginTop: 12 }}>
          {data.previewAutomation.map((verdict) => (
            <li key={verdict.rule?.id ?? verdict.name}>
              <div className={list.tags} style={{ marginTop: 0 }}>
                <Tag tone={verdict.held ? "green" : "gray"}>{verdict.held ? "Would act" : "Does not hold"}</Tag>
                {verdict.rule ? <Link href={`/rules/${verdict.rule.id}`}>{verdict.name}</Link> : verdict.name}
                <Text size="xs" c="dimmed">
                  when: {TRIGGERS[verdict.trigger].toLowerCase()}
                  {!verdict.active && ", but it is not active"}
                </Text>
              </div>
              {verdict.held && <Text size="sm">{verdict.wouldDo.join("; ")}</Text>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
