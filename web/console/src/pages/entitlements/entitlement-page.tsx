/** One contract: what is left of it and for how long, its terms, its ledger, and what can be done to it. */

import { Skeleton, Text, Title } from "@mantine/core";
import { FileX } from "lucide-react";
import { lazy, Suspense, useEffect } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { Opening } from "../../frame/opening";
import { EntitlementPageDocument, type EntitlementPageQuery } from "../../gql/graphql";
import { StatusTag, Tag } from "../../look/tag";
import { Failure } from "../../parts/failure";
import { Nothing } from "../../parts/nothing";
import { useSession } from "../../session/viewer";
import { ORIGIN_WORDS } from "../../words/labels";
import { precise } from "../../words/times";
import { Bars } from "./bars";
import { EntitlementActs } from "./entitlement-acts";
import { EntitlementEditor } from "./entitlement-editor";
import { ALLOCATIONS, changesInWords, dateWord, DECREMENTS, ENTITLEMENT_STATES, OVERAGES, PERIODS, quantity, unitOf } from "./entitlement-words";
import { Ledger } from "./ledger";
import list from "../../parts/list.module.css";
import css from "./entitlements.module.css";

const BalanceChart = lazy(() => import("./balance-chart"));
const FRESH = { additionalTypenames: ["Entitlement", "EntitlementPosting", "EntitlementAmendment"] };

export type Whole = Extract<NonNullable<EntitlementPageQuery["node"]>, { latest: unknown }>;

export default function EntitlementPage({ id, editing }: { id: string; editing: boolean }) {
  const { may } = useSession();
  const [{ data, error, stale }, again] = useQuery({
    query: EntitlementPageDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
    context: FRESH,
  });
  const one = data?.node && "latest" in data.node ? data.node : null;
  useEffect(() => {
    document.title = `${one?.name ?? "Entitlement"} · Casegraph`;
  }, [one?.name]);

  if (error && !data) return <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />;
  if (!data || (!one && stale)) return <Opening />;
  if (!one) {
    return (
      <Nothing icon={FileX} title="There is no such entitlement">
        It may be one that you cannot see. <Link href="/entitlements">To all entitlements</Link>
      </Nothing>
    );
  }
  const editable = one.state === "DRAFT" ? may("editEntitlement") : (one.state === "ACTIVE" || one.state === "WAITING") && may("amendEntitlement");
  if (editing && editable) return <EntitlementEditor key={one.id} entitlement={one} />;
  return <Standing one={one} />;
}

function Standing({ one }: { one: Whole }) {
  const state = ENTITLEMENT_STATES[one.state];
  const counts = one.allocation !== "COVERAGE";
  return (
    <div className={list.page}>
      <div className={list.head}>
        <div className={list.name}>
          <Text c="dimmed" size="xs">
            {one.customer ? <Link href={`/entitlements?customer=${one.customer.id}`}>{one.customer.name}</Link> : "Of nobody"}
          </Text>
          <Title order={1}>{one.name}</Title>
          <div className={list.tags}>
            <Tag tone={state.tone}>{state.word}</Tag>
            {one.isDefault && <Tag tone="blue">Default</Tag>}
            <Text size="xs" c="dimmed">
              {dateWord(one.startsOn)} – {dateWord(one.endsOn)}
              {one.nextAt && `, next change by its dates ${precise(one.nextAt)}`}
            </Text>
          </div>
        </div>
        <EntitlementActs one={one} />
      </div>
      <div className={list.columns}>
        <div className={list.main}>
          {counts && one.latest.nodes.length > 0 && (
            <section className={`panel ${list.box}`} aria-label="Balance over time">
              <h2 className={list.boxTitle}>
                What was left, and how long it lasts
                <Forecast one={one} />
              </h2>
              <Suspense fallback={<Skeleton h={220} />}>
                <BalanceChart one={one} />
              </Suspense>
            </section>
          )}
          <Ledger id={one.id} allocation={one.allocation} />
        </div>
        <div className={list.side}>
          {counts && (
            <section className={`panel ${list.box}`} aria-label="What is left">
              <h2 className={list.boxTitle}>What is left</h2>
              {one.balances.length === 0 ? (
                <Text size="sm" c="dimmed">
                  Nothing is granted before it is activated.
                </Text>
              ) : (
                <>
                  <div className={css.key} aria-hidden>
                    <span><i className={css.used} /> Used</span>
                    <span><i className={css.held} /> Held</span>
                    <span><i className={css.left} /> Left</span>
                  </div>
                  <Bars balances={one.balances} allocation={one.allocation} />
                </>
              )}
            </section>
          )}
          <Terms one={one} />
          <Cases one={one} />
          <Amendments one={one} />
        </div>
      </div>
    </div>
  );
}

function Forecast({ one }: { one: Whole }) {
  const { perDay, used, exhaustedOn } = one.forecast;
  const rate = Number(perDay) > 0 ? `${quantity(used)} ${unitOf(one.allocation)} in 30 days` : "Nothing was used lately";
  return (
    <Text span size="xs" c="dimmed" fw={400}>
      {rate}
      {exhaustedOn ? `: used up on ${dateWord(exhaustedOn)}` : one.state === "ACTIVE" ? ": it lasts" : ""}
    </Text>
  );
}

function Terms({ one }: { one: Whole }) {
  const unit = unitOf(one.allocation);
  const counts = one.allocation !== "COVERAGE";
  const names = (of: { name: string }[], all: string) => of.map(({ name }) => name).join(", ") || all;
  const facts: [string, string | null | undefined][] = [
    ["Counts", ALLOCATIONS[one.allocation]],
    ["Total", counts ? `${quantity(one.total)} ${unit}, ${PERIODS[one.period].toLowerCase()}` : null],
    ["Charged", DECREMENTS[one.decrementOn]],
    ["Rolls over", one.rollsOver ? (one.rollOverLimit ? `At most ${quantity(one.rollOverLimit)} ${unit}` : "All that is left") : null],
    ["When used up", counts ? (one.restrict ? "Further cases are refused" : "Cases are taken on") : null],
    ["What goes beyond", counts && one.overage ? OVERAGES[one.overage] : null],
    ["Channels", counts ? one.channels.map(({ channel, total }) => `${ORIGIN_WORDS[channel]} ${quantity(total)}`).join(", ") || "Any" : null],
    ["Products", names(one.products, "All")],
    ["Contacts", one.customer?.__typename === "Contact" ? null : names(one.contacts, "All of the company")],
    ["Out of hours", one.allocation === "HOURS" && one.afterHoursPercent !== 100 ? `An hour counts ${one.afterHoursPercent} %` : null],
    ["Rates", one.rates.map(({ product, percent }) => `${product?.name ?? "A product"} ${percent} %`).join(", ") || null],
    ["Promises", one.slaPolicy?.name ?? "Those of everybody"],
    ["Time zone", one.zone],
    ["Template", one.template?.name],
  ];
  return (
    <section className={`panel ${list.box}`} aria-label="Terms">
      <h2 className={list.boxTitle}>Terms</h2>
      <dl className={list.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([word, value]) => (
            <div key={word} style={{ display: "contents" }}>
              <dt>{word}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {one.renewedFrom && (
          <>
            <dt>Follows</dt>
            <dd>
              <Link href={`/entitlements/${one.renewedFrom.id}`}>{one.renewedFrom.name}</Link>
              {one.carryOver && ", with what is left of it"}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Cases({ one }: { one: Whole }) {
  const { nodes, totalCount } = one.cases;
  return (
    <section className={`panel ${list.box}`} aria-label="Cases on it">
      <h2 className={list.boxTitle}>
        Cases on it
        <Text span size="sm" c="dimmed" className="number">
          {totalCount ?? ""}
        </Text>
      </h2>
      {nodes.length === 0 && (
        <Text size="sm" c="dimmed">
          No case is on it.
        </Text>
      )}
      <ul className={list.rows}>
        {nodes.map((each) => (
          <li key={each.id}>
            <Link href={`/cases/${each.number}`} className={list.title} style={{ whiteSpace: "normal", fontSize: 13 }}>
              {each.title}
            </Link>
            <div className={list.tags} style={{ marginTop: 3 }}>
              <StatusTag status={each.status} reason={each.statusReason} />
              <Text size="xs" c="dimmed" className="number">
                {each.number}
              </Text>
            </div>
          </li>
        ))}
      </ul>
      {(totalCount ?? 0) > nodes.length && (
        <Text size="xs" c="dimmed" mt={4}>
          and {(totalCount ?? 0) - nodes.length} before
        </Text>
      )}
    </section>
  );
}

function Amendments({ one }: { one: Whole }) {
  const lines = [...one.amendments.nodes].reverse();
  if (!lines.length) return null;
  return (
    <section className={`panel ${list.box}`} aria-label="What became of the terms">
      <h2 className={list.boxTitle}>What became of the terms</h2>
      <ul className={list.rows}>
        {lines.map((line) => (
          <li key={line.id}>
            <details>
              <summary style={{ cursor: "pointer", fontSize: 13 }}>
                {line.number === 1 ? "As activated" : `Number ${line.number}`}{" "}
                <Text span size="xs" c="dimmed">
                  {precise(line.at)}
                  {line.actor && `, by ${line.actor.name}`}
                </Text>
              </summary>
              <dl className={list.facts} style={{ marginTop: 6 }}>
                {changesInWords(line.changes).map(({ term, value }) => (
                  <div key={term} style={{ display: "contents" }}>
                    <dt>{term}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </details>
            {line.note && (
              <Text size="sm" mt={4}>
                {line.note}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
