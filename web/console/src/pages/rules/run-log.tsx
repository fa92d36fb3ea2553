/** What rules did, for which cases, and why they could not where they could not. */

import { Select, Table, Text } from "@mantine/core";
import { History } from "lucide-react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { type AutomationOutcome, type AutomationRunWhere, RuleRunsDocument } from "../../gql/graphql";
import { Tag } from "../../look/tag";
import { useAddress } from "../../parts/address";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Pager, usePaging } from "../../parts/pager";
import { options } from "../../words/labels";
import { inFull, precise } from "../../words/times";
import { WaitingRows } from "../cases/waiting-rows";
import { OUTCOMES } from "./rule-words";
import list from "../../parts/list.module.css";
import css from "./rules.module.css";

const PAGE = 25;
const NAMES = ["rule", "outcome"] as const;
const FRESH = { additionalTypenames: ["AutomationRun", "AutomationRule"] };

interface Props {
  /** Among which one can choose; or the one that it is about. */
  rules?: { id: string; name: string }[];
  of?: string;
}

export function RunLog({ rules, of }: Props) {
  const [said, change] = useAddress(NAMES);
  const rule = of ?? said.rule;
  const where: AutomationRunWhere = {
    ...(rule ? { ruleId: { eq: rule } } : {}),
    ...(said.outcome in OUTCOMES ? { outcome: { eq: said.outcome as AutomationOutcome } } : {}),
  };
  const question = { where: Object.keys(where).length ? where : null };
  const paging = usePaging(JSON.stringify(question), PAGE);
  const [{ data, error, fetching, stale }, again] = useQuery({
    query: RuleRunsDocument,
    variables: { ...question, first: PAGE, after: paging.after },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const runs = data?.automationRuns;
  return (
    <section className={`panel ${list.box}`} aria-label="Log" aria-busy={fetching || stale}>
      <div className={list.boxTitle}>
        <h2 style={{ margin: 0, fontSize: "inherit" }}>
          Log{" "}
          <Text span size="sm" c="dimmed" className="number">
            {runs?.totalCount ?? ""}
          </Text>
        </h2>
        <div className={list.headEnd} style={{ fontWeight: 400 }}>
          {rules && (
            <Select
              size="xs"
              className={list.choice}
              aria-label="Which rule"
              placeholder="Any rule"
              data={rules.map(({ id, name }) => ({ value: id, label: name }))}
              value={said.rule || null}
              onChange={(next) => change({ rule: next ?? "" })}
              searchable
              clearable
              clearButtonProps={{ "aria-label": "Any rule" }}
            />
          )}
          <Select
            size="xs"
            className={list.choice}
            aria-label="Outcome"
            placeholder="Any outcome"
            data={options(OUTCOMES)}
            value={said.outcome || null}
            onChange={(next) => change({ outcome: next ?? "" })}
            clearable
            clearButtonProps={{ "aria-label": "Any outcome" }}
          />
        </div>
      </div>
      {error && !runs ? (
        <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
      ) : !runs ? (
        <WaitingRows count={4} />
      ) : runs.nodes.length === 0 ? (
        <Nothing small icon={History} title={said.outcome || rule ? "Nothing of that kind happened" : "No rule was set off yet"} />
      ) : (
        <Table className={`${list.table} ${of ? css.ofOne : css.table}`} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              {!of && <Table.Th>Rule</Table.Th>}
              <Table.Th>Case</Table.Th>
              <Table.Th>Outcome</Table.Th>
              <Table.Th>What it did, or why not</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.nodes.map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td className="number" title={inFull(run.createdAt)}>
                  {precise(run.createdAt)}
                </Table.Td>
                {!of && (
                  <Table.Td data-whole>
                    {run.rule ? <Link href={`/rules/${run.rule.id}`}>{run.ruleName}</Link> : `${run.ruleName} (deleted)`}
                    {run.depth > 1 && (
                      <Text size="xs" c="dimmed">
                        Set off by another rule
                      </Text>
                    )}
                  </Table.Td>
                )}
                <Table.Td data-whole>
                  {run.case ? (
                    <>
                      <Link href={`/cases/${run.case.number}`}>{run.case.number}</Link> <Text span size="xs" c="dimmed">{run.case.title}</Text>
                    </>
                  ) : (
                    "A case that you do not see"
                  )}
                </Table.Td>
                <Table.Td>
                  <Tag tone={OUTCOMES[run.outcome].tone}>{OUTCOMES[run.outcome].word}</Tag>
                </Table.Td>
                <Table.Td data-whole data-row>
                  {run.did.length > 0 && (
                    <ul className={css.did}>
                      {run.did.map((did) => (
                        <li key={did}>{did}</li>
                      ))}
                    </ul>
                  )}
                  {run.why}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {runs && <Pager paging={paging} shown={runs.nodes.length} total={runs.totalCount} info={runs.pageInfo} />}
    </section>
  );
}
