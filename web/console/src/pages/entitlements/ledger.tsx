/** The lines of which a balance is the sum, the latest first. */

import { Table, Text } from "@mantine/core";
import { ScrollText } from "lucide-react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { type EntitlementAllocation, EntitlementLedgerDocument } from "../../gql/graphql";
import { Tag } from "../../look/tag";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Pager, usePaging } from "../../parts/pager";
import { ORIGIN_WORDS } from "../../words/labels";
import { inFull, precise } from "../../words/times";
import { WaitingRows } from "../cases/waiting-rows";
import { BECAUSE, POSTINGS, quantity, unitOf } from "./entitlement-words";
import list from "../../parts/list.module.css";
import css from "./entitlements.module.css";

const PAGE = 25;
const FRESH = { additionalTypenames: ["EntitlementPosting", "Entitlement"] };

export function Ledger({ id, allocation }: { id: string; allocation: EntitlementAllocation }) {
  const paging = usePaging(id, PAGE);
  const [{ data, error }, again] = useQuery({
    query: EntitlementLedgerDocument,
    variables: { id, first: PAGE, after: paging.after },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const lines = data?.node && "postings" in data.node ? data.node.postings : undefined;
  return (
    <section className={`panel ${list.box}`} aria-label="Ledger">
      <h2 className={list.boxTitle}>
        Ledger
        <Text span size="sm" c="dimmed" className="number">
          {lines?.totalCount ?? ""}
        </Text>
      </h2>
      {error && !lines ? (
        <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
      ) : !lines ? (
        <WaitingRows count={5} />
      ) : lines.nodes.length === 0 ? (
        <Nothing small icon={ScrollText} title="Nothing was posted">
          {allocation === "COVERAGE" ? "It counts nothing: its dates cover what is asked." : "Its total is granted when it is activated."}
        </Nothing>
      ) : (
        <Table className={`${list.table} ${css.ledger}`} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th className={css.amount}>{allocation === "HOURS" ? "Hours" : "Cases"}</Table.Th>
              <Table.Th>Case</Table.Th>
              <Table.Th>Channel</Table.Th>
              <Table.Th>Who and why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.nodes.map((line) => (
              <Table.Tr key={line.id}>
                <Table.Td className="number" title={inFull(line.at)}>
                  {precise(line.at)}
                </Table.Td>
                <Table.Td>
                  <Tag tone={POSTINGS[line.kind].tone}>{POSTINGS[line.kind].word}</Tag>
                </Table.Td>
                <Table.Td className={`number ${css.amount}`} data-whole>
                  {Number(line.amount) > 0 ? "+" : ""}
                  {quantity(line.amount)}
                  {Number(line.overage) > 0 && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      and {quantity(line.overage)} billed
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{line.case && <Link href={`/cases/${line.case.number}`}>{line.case.number}</Link>}</Table.Td>
                <Table.Td>{line.channel && ORIGIN_WORDS[line.channel]}</Table.Td>
                <Table.Td data-whole>
                  {line.actor?.name ?? "The system"}
                  {BECAUSE[line.trigger] && `, ${BECAUSE[line.trigger]}`}
                  {line.waived && `: takes no ${unitOf(allocation)}`}
                  {line.note && `: ${line.note}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {lines && <Pager paging={paging} shown={lines.nodes.length} total={lines.totalCount} info={lines.pageInfo} />}
    </section>
  );
}
