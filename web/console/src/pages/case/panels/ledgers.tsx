/** Where the time of each promise went, as a picture and as a list; and which promises were chosen, and why. */

import { Skeleton, Table, Text } from "@mantine/core";
import { useQuery } from "urql";
import { type LedgersQuery, LedgersDocument } from "../../../gql/graphql";
import { Tag } from "../../../look/tag";
import { Failure } from "../../../parts/failure";
import { CLOCK_STATES, kpiWord, sentence } from "../../../words/labels";
import { precise, secondsOf, spanWord } from "../../../words/times";
import { useShown } from "../use-case-act";
import css from "./panels.module.css";
import page from "../case.module.css";

type Clock = NonNullable<LedgersQuery["case"]>["slaKpiInstances"]["nodes"][number];
type Segment = Clock["ledger"][number];

const KINDS: Record<Segment["kind"], string> = { RUNNING: "Ran", PAUSED: "Paused", CLOSED: "Closed", HOLIDAY: "Holiday" };

export default function Ledgers() {
  const { case: one } = useShown();
  const [{ data, error }, again] = useQuery({ query: LedgersDocument, variables: { number: one.number, caseId: one.id } });
  if (error) return <Failure error={error} retry={again} />;
  if (!data) return <Skeleton h={220} />;
  return (
    <>
      <div className={css.legend} aria-hidden>
        {(Object.keys(KINDS) as Segment["kind"][]).map((kind) => (
          <span key={kind}>
            <i className={`${css.swatch} ${css.segment}`} data-kind={kind} style={{ height: 12 }} />
            {KINDS[kind]}
          </span>
        ))}
      </div>
      {data.case?.slaKpiInstances.nodes.map((clock) => (
        <Ledger key={clock.id} clock={clock} />
      ))}
      <Verdicts verdicts={data.explainSla ?? []} />
    </>
  );
}

function Ledger({ clock }: { clock: Clock }) {
  const { tone, word } = CLOCK_STATES[clock.state];
  const first = clock.ledger[0];
  const last = clock.ledger.at(-1);
  return (
    <section className={css.ledger} aria-label={`${kpiWord(clock.kpi)}, ${clock.item}`}>
      <h3 className={page.boxTitle} style={{ fontSize: 13.5, color: "inherit" }}>
        <span>
          {kpiWord(clock.kpi)}
          {clock.cycle > 1 ? `, ${clock.cycle}` : ""}{" "}
          <Text span size="xs" c="dimmed">
            {spanWord(secondsOf(clock.activeFor))} of {spanWord(secondsOf(clock.target))}
            {secondsOf(clock.pausedFor) > 0 ? `, paused for ${spanWord(secondsOf(clock.pausedFor))}` : ""}
          </Text>
        </span>
        <Tag tone={tone}>{word}</Tag>
      </h3>
      {first && last && (
        <>
          <Strip clock={clock} from={Date.parse(first.start)} to={Date.parse(last.end)} />
          <div className={css.axis} aria-hidden>
            <span>{precise(first.start)}</span>
            <span>{precise(last.end)}</span>
          </div>
        </>
      )}
      <details>
        <summary style={{ fontSize: 12.5, cursor: "pointer", padding: "6px 0" }}>Segment by segment</summary>
        <div className={css.scroll} role="region" aria-label={`Segments of ${kpiWord(clock.kpi)}`} tabIndex={0}>
          <Table fz="xs" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>From</Table.Th>
                <Table.Th>To</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Open time</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {clock.ledger.map((segment) => (
                <Table.Tr key={segment.start + segment.kind}>
                  <Table.Td>{precise(segment.start)}</Table.Td>
                  <Table.Td>{precise(segment.end)}</Table.Td>
                  <Table.Td>{told(segment)}</Table.Td>
                  <Table.Td className="number">{spanWord(secondsOf(segment.openTime))}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </section>
  );
}

function Strip({ clock, from, to }: { clock: Clock; from: number; to: number }) {
  const whole = Math.max(1, to - from);
  const breach = clock.breachedAt ? (Date.parse(clock.breachedAt) - from) / whole : null;
  return (
    <div className={css.strip} role="img" aria-label={`${clock.ledger.length} segments; ran for ${spanWord(secondsOf(clock.activeFor))}`}>
      {clock.ledger.map((segment) => (
        <div
          key={segment.start + segment.kind}
          className={css.segment}
          data-kind={segment.kind}
          style={{ width: `${((Date.parse(segment.end) - Date.parse(segment.start)) / whole) * 100}%` }}
          title={`${told(segment)}, ${precise(segment.start)} – ${precise(segment.end)}`}
        />
      ))}
      {breach !== null && breach >= 0 && breach <= 1 && (
        <span className={css.mark} style={{ left: `${breach * 100}%` }} title={`Broken ${precise(clock.breachedAt!)}`} />
      )}
    </div>
  );
}

function told(segment: Segment): string {
  if (segment.holiday) return segment.holiday;
  const why = segment.reasons.map((reason) => sentence(reason).toLowerCase()).join(", ");
  return `${KINDS[segment.kind]}${why ? `: ${why}` : ""}${why && segment.actor ? `, by ${segment.actor.name}` : ""}`;
}

function Verdicts({ verdicts }: { verdicts: NonNullable<LedgersQuery["explainSla"]> }) {
  if (!verdicts.length) return null;
  return (
    <details>
      <summary style={{ fontSize: 13, fontWeight: 600, cursor: "pointer", padding: "6px 0" }}>Why these promises</summary>
      <div className={css.scroll} role="region" aria-label="Why these promises" tabIndex={0}>
        <Table fz="xs" verticalSpacing={4}>
          <Table.Tbody>
            {verdicts.map((verdict) => (
              <Table.Tr key={verdict.place}>
                <Table.Td className="number">{verdict.place}</Table.Td>
                <Table.Td fw={verdict.chosen ? 600 : 400}>{verdict.item}</Table.Td>
                <Table.Td>{kpiWord(verdict.kpi)}</Table.Td>
                <Table.Td>
                  {verdict.chosen ? (
                    <Tag tone="green">Chosen</Tag>
                  ) : verdict.held ? (
                    `Holds, behind ${verdict.behind ?? "another"}`
                  ) : (
                    "Does not hold"
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </details>
  );
}
