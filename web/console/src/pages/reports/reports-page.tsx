/** How the desk does: promises kept, work that comes and goes, and what is about to happen. */

import { Skeleton, Title } from "@mantine/core";
import { useEffect } from "react";
import { useQuery } from "urql";
import { DashboardDocument, type DashboardQuery, DashboardTablesDocument } from "../../gql/graphql";
import { Failure } from "../../parts/failure";
import { kpiWord } from "../../words/labels";
import { secondsOf, spanWord } from "../../words/times";
import { Card } from "./card";
import { Chart } from "./charts";
import { Figures } from "./figures";
import { ChoosePeriod, type Period, usePeriod } from "./period";
import { Tables } from "./tables";
import css from "./reports.module.css";

type Reports = NonNullable<DashboardQuery["reports"]>;

const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

export function dayWord(key: string | null | undefined): string {
  return key ? shortDay.format(new Date(key)) : "";
}

export default function ReportsPage() {
  const [period, change] = usePeriod();
  const [{ data, error, stale }, again] = useQuery({ query: DashboardDocument, variables: { period } });
  const [{ data: more }] = useQuery({ query: DashboardTablesDocument, variables: { period } });
  useEffect(() => {
    document.title = "Reports · Casegraph";
  }, []);
  return (
    <div className={css.page} aria-busy={stale}>
      <div className={css.head}>
        <Title order={1}>Reports</Title>
        <ChoosePeriod period={period} change={change} />
      </div>
      {error && !data ? (
        <Failure error={error} retry={() => again({ requestPolicy: "network-only" })} />
      ) : !data?.reports ? (
        <div className={css.grid}>
          {Array.from({ length: 4 }, (_, place) => (
            <Skeleton key={place} h={290} />
          ))}
        </div>
      ) : (
        <>
          <Numbers reports={data.reports} />
          <div className={css.grid}>
            <Charts reports={data.reports} period={period} />
            {more?.reports && <Tables reports={more.reports} period={period} />}
          </div>
        </>
      )}
    </div>
  );
}

function Numbers({ reports }: { reports: Reports }) {
  const sum = (of: (row: Reports["byKpi"][number]) => number) => reports.byKpi.reduce((total, row) => total + of(row), 0);
  const [met, breached] = [sum((row) => row.met), sum((row) => row.breached)];
  const numbers: [string, string][] = [
    [met + breached ? `${((met / (met + breached)) * 100).toFixed(1)} %` : "–", "of promises kept"],
    [String(breached), "promises broken"],
    [String(reports.flow.reduce((total, row) => total + row.opened, 0)), "cases opened"],
    [String(reports.backlog.at(-1)?.open ?? 0), "cases open at the end"],
  ];
  return (
    <div className={css.numbers}>
      {numbers.map(([figure, word]) => (
        <div key={word} className={`panel ${css.numberBox}`}>
          <b>{figure}</b>
          <span>{word}</span>
        </div>
      ))}
    </div>
  );
}

function Charts({ reports, period }: { reports: Reports; period: Period }) {
  const days = reports.flow.map((row) => ({ ...row, name: dayWord(row.groups[0]?.key), groups: null }));
  return (
    <>
      <Card title="Promises by what is promised" says="How many were kept, broken, or still run" report="slaAttainment" by="KPI" period={period}>
        <Chart
          kind="stack"
          sideways
          rows={reports.byKpi.map((row) => ({ name: kpiWord(row.groups[0]?.label ?? ""), met: row.met, breached: row.breached, running: row.running }))}
          series={[
            { key: "met", word: "Kept", tone: "green" },
            { key: "breached", word: "Broken", tone: "red" },
            { key: "running", word: "Running", tone: "blue" },
          ]}
        />
      </Card>
      <Card title="Promises kept, week by week" says="Of those that were kept or broken" report="slaAttainment" by="WEEK" period={period}>
        <Chart
          kind="lines"
          rows={reports.byWeek.map((row) => ({
            name: dayWord(row.groups[0]?.key),
            kept: row.attainmentPerMille == null ? null : row.attainmentPerMille / 10,
          }))}
          series={[{ key: "kept", word: "Kept", tone: "green" }]}
          unit=" %"
          most={100}
        />
      </Card>
      <Card title="Cases that came and went" report="flow" by="DAY" period={period}>
        <Chart
          kind="bars"
          rows={days}
          series={[
            { key: "opened", word: "Opened", tone: "blue" },
            { key: "resolved", word: "Resolved", tone: "green" },
            { key: "reopened", word: "Taken up again", tone: "amber" },
          ]}
        />
      </Card>
      <Card title="Open at the end of the day" report="backlog" by="DAY" period={period}>
        <Chart
          kind="area"
          rows={reports.backlog.map((row) => ({ name: dayWord(row.groups[0]?.key), open: row.open }))}
          series={[{ key: "open", word: "Open cases", tone: "blue" }]}
        />
      </Card>
      <Card title="How long it took" says="Opening hours until a promise was fulfilled" report="responseTimes" by="KPI" period={period}>
        <Chart
          kind="bars"
          sideways
          rows={reports.responseTimes.map((row) => ({
            name: kpiWord(row.groups[0]?.label ?? ""),
            half: hours(row.businessP50),
            most: hours(row.businessP90),
            nearly: hours(row.businessP95),
          }))}
          series={[
            { key: "half", word: "Half within", tone: "green" },
            { key: "most", word: "90 % within", tone: "amber" },
            { key: "nearly", word: "95 % within", tone: "red" },
          ]}
          unit=" h"
        />
      </Card>
      <Card title="Attainment in figures" report="slaAttainment" by="KPI" period={period}>
        <Figures
          name="Attainment in figures"
          rows={reports.byKpi}
          nothing="Nothing was promised in these days."
          columns={[
            { word: "Promise", of: (row) => kpiWord(row.groups[0]?.label ?? ""), text: true },
            { word: "Kept", of: (row) => (row.attainmentPerMille == null ? "–" : `${(row.attainmentPerMille / 10).toFixed(1)} %`) },
            { word: "Broken", of: (row) => row.breached },
            { word: "Kept by pausing only", of: (row) => row.metOnlyByPausing },
            { word: "Late by, on average", of: (row) => (row.lateByAverage ? spanWord(secondsOf(row.lateByAverage)) : "–") },
          ]}
        />
      </Card>
    </>
  );
}

function hours(duration: string): number {
  return Math.round(secondsOf(duration) / 360) / 10;
}
