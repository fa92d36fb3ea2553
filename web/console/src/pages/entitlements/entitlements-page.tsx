/** What customers bought: every contract, with what is left of it. */

import { Button, Select, Table, Text, Title } from "@mantine/core";
import { FileX, Plus, ReceiptText } from "lucide-react";
import { useEffect } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import {
  CustomerNameDocument,
  EntitlementListDocument,
  type EntitlementListQuery,
  type EntitlementOrder,
  type EntitlementState,
  type EntitlementWhere,
} from "../../gql/graphql";
import { Tag } from "../../look/tag";
import { ChooseCustomer } from "../../new-case/choose-customer";
import { useAddress } from "../../parts/address";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { Pager, usePaging } from "../../parts/pager";
import { SearchBox } from "../../parts/search-box";
import { useSession } from "../../session/viewer";
import { options } from "../../words/labels";
import { WaitingRows } from "../cases/waiting-rows";
import { Bar, current } from "./bars";
import { dateWord, ENTITLEMENT_STATES } from "./entitlement-words";
import list from "../../parts/list.module.css";
import css from "./entitlements.module.css";

const PAGE = 50;
const NAMES = ["text", "state", "customer", "sort"] as const;
const FRESH = { additionalTypenames: ["Entitlement"] };

const SORTS: Record<string, { word: string; order: EntitlementOrder[] }> = {
  newest: { word: "Newest first", order: [{ createdAt: "DESC" }] },
  oldest: { word: "Oldest first", order: [{ createdAt: "ASC" }] },
  name: { word: "By name", order: [{ name: "ASC" }] },
};

export default function EntitlementsPage() {
  const { may } = useSession();
  const [said, change] = useAddress(NAMES);
  useEffect(() => {
    document.title = "Entitlements · Casegraph";
  }, []);

  const text = said.text.trim();
  const where: EntitlementWhere = {
    ...(said.state in ENTITLEMENT_STATES ? { state: { eq: said.state as EntitlementState } } : {}),
    ...(text ? { name: { contains: text } } : {}),
    ...(said.customer ? { or: [{ accountId: { eq: said.customer } }, { contactId: { eq: said.customer } }] } : {}),
  };
  const question = { where: Object.keys(where).length ? where : null, orderBy: (SORTS[said.sort] ?? SORTS.newest!).order };
  const paging = usePaging(JSON.stringify(question), PAGE);
  const [{ data, error, fetching, stale }, again] = useQuery({
    query: EntitlementListDocument,
    variables: { ...question, first: PAGE, after: paging.after },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const [{ data: named }] = useQuery({ query: CustomerNameDocument, variables: { id: said.customer }, pause: !said.customer });
  const page = data?.entitlements;
  const name = named?.node && "name" in named.node ? named.node.name : "…";

  return (
    <div className={list.page}>
      <div className={list.head}>
        <Title order={1}>Entitlements</Title>
        <div className={list.headEnd}>
          <Text c="dimmed" size="sm" className="number" aria-live="polite">
            {page ? `${page.totalCount?.toLocaleString() ?? "Many"} in all` : " "}
          </Text>
          {may("createEntitlement") && (
            <Button component={Link} href={`/entitlements/new${said.customer ? `?customer=${said.customer}` : ""}`} leftSection={<Plus size={15} aria-hidden />}>
              New entitlement
            </Button>
          )}
        </div>
      </div>
      <div className={list.filters} role="search" aria-label="Filter entitlements">
        <SearchBox className={list.search} label="Search by name" placeholder="Name…" value={said.text} onChange={(next) => change({ text: next })} />
        <ChooseCustomer
          bare
          className={list.wide}
          value={said.customer ? { id: said.customer, name } : null}
          onChange={(customer) => change({ customer: customer?.id ?? "" })}
        />
        <Select
          className={list.choice}
          aria-label="State"
          placeholder="Any state"
          data={options(ENTITLEMENT_STATES)}
          value={said.state || null}
          onChange={(state) => change({ state: state ?? "" })}
          clearable
          clearButtonProps={{ "aria-label": "Any state" }}
        />
        <Select
          className={list.choice}
          aria-label="Order"
          data={options(SORTS)}
          value={said.sort || "newest"}
          onChange={(sort) => change({ sort: sort === "newest" ? "" : (sort ?? "") })}
          allowDeselect={false}
        />
      </div>
      <div className={`panel ${list.list}`} aria-busy={fetching || stale}>
        {error && !page ? (
          <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
        ) : !page ? (
          <WaitingRows />
        ) : page.nodes.length === 0 ? (
          question.where ? (
            <Nothing icon={FileX} title="No entitlement is like that">
              Take something away from what is set above.
            </Nothing>
          ) : (
            <Nothing icon={ReceiptText} title="Nobody has bought anything yet" />
          )
        ) : (
          <Rows entitlements={page.nodes} />
        )}
      </div>
      {page && <Pager paging={paging} shown={page.nodes.length} total={page.totalCount} info={page.pageInfo} />}
    </div>
  );
}

function Rows({ entitlements }: { entitlements: EntitlementListQuery["entitlements"]["nodes"] }) {
  return (
    <Table className={`${list.table} ${css.table}`} highlightOnHover highlightOnHoverColor="var(--hover)">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Entitlement</Table.Th>
          <Table.Th>Customer</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>What is left</Table.Th>
          <Table.Th>Last day</Table.Th>
          <Table.Th>Promises</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entitlements.map((one) => {
          const balance = current(one.balances);
          return (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Link href={`/entitlements/${one.id}`} className={list.title}>
                  {one.name}
                </Link>
              </Table.Td>
              <Table.Td data-row>{one.customer?.name ?? "–"}</Table.Td>
              <Table.Td>
                <span className={css.states}>
                  <Tag tone={ENTITLEMENT_STATES[one.state].tone}>{ENTITLEMENT_STATES[one.state].word}</Tag>
                  {one.isDefault && <Tag tone="blue">Default</Tag>}
                </span>
              </Table.Td>
              <Table.Td data-row>
                {one.allocation === "COVERAGE" ? (
                  <Text span size="sm" c="dimmed">
                    Covered by its dates
                  </Text>
                ) : balance ? (
                  <Bar balance={balance} allocation={one.allocation} />
                ) : (
                  <Text span size="sm" c="dimmed">
                    Nothing is granted yet
                  </Text>
                )}
              </Table.Td>
              <Table.Td className={`number ${css.until}`}>{dateWord(one.endsOn)}</Table.Td>
              <Table.Td data-desk>{one.slaPolicy?.name ?? <Text span c="dimmed">–</Text>}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
