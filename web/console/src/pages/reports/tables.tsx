/** What is about to happen, and who has how much. */

import type { DashboardTablesQuery } from "../../gql/graphql";
import { sentence } from "../../words/labels";
import { secondsOf, spanWord } from "../../words/times";
import { Card } from "./card";
import { Chart } from "./charts";
import { Figures } from "./figures";
import type { Period } from "./period";
import css from "./reports.module.css";

type Reports = NonNullable<DashboardTablesQuery["reports"]>;

const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export function Tables({ reports, period }: { reports: Reports; period: Period }) {
  const ages = reports.backlogAges.map((row) => ({ ...row, name: sentence(row.groups[0]?.label ?? ""), groups: null }));
  const due = new Map<string, { name: string; due: number; paused: number }>();
  for (const row of reports.breachForecast) {
    const name = hour.format(new Date(row.startsAt));
    const sum = due.get(row.startsAt) ?? { name, due: 0, paused: 0 };
    due.set(row.startsAt, { name, due: sum.due + row.due, paused: sum.paused + row.dueIfResumed });
  }
  return (
    <>
      <Card title="Falls due in the next 24 hours" says="Promises that break unless something happens" report="breachForecast" by="QUEUE" period={period}>
        {due.size ? (
          <Chart
            kind="stack"
            rows={[...due.values()]}
            series={[
              { key: "due", word: "Due", tone: "red" },
              { key: "paused", word: "Paused, due if resumed", tone: "violet" },
            ]}
          />
        ) : (
          <p className={css.nothing}>Nothing falls due.</p>
        )}
      </Card>
      <Card title="How old open cases are" report="backlogAges" by="PRIORITY" period={period}>
        <Chart
          kind="stack"
          sideways
          rows={ages}
          series={[
            { key: "under1Day", word: "Under a day", tone: "green" },
            { key: "under3Days", word: "1 to 3 days", tone: "blue" },
            { key: "under7Days", word: "to 7", tone: "violet" },
            { key: "under14Days", word: "to 14", tone: "gray" },
            { key: "under30Days", word: "to 30", tone: "amber" },
            { key: "older", word: "Older", tone: "red" },
          ]}
        />
      </Card>
      <Card title="Who has how much" report="agentWorkload" period={period} wide>
        <Figures
          name="Who has how much"
          rows={reports.agentWorkload}
          nothing="Nobody did anything."
          columns={[
            { word: "Who", of: (row) => `${row.groups[0]?.label ?? "–"}${row.away ? " (away)" : ""}`, text: true },
            { word: "Open", of: (row) => (row.capacity === null ? row.open : `${row.open} of ${row.capacity}`) },
            { word: "Given", of: (row) => row.assigned },
            { word: "Resolved", of: (row) => row.resolved },
            { word: "Broken", of: (row) => row.breached },
            { word: "Minutes worked", of: (row) => row.workedMinutes },
            { word: "Billable", of: (row) => row.billableMinutes },
          ]}
        />
      </Card>
      <Card title="Entitlements" says="Granted and used in these days" report="entitlementConsumption" period={period} wide>
        <Figures
          name="Entitlements"
          rows={reports.entitlementConsumption}
          nothing="No entitlement was in force."
          columns={[
            { word: "Entitlement", of: (row) => row.groups.map((group) => group.label).join(", "), text: true },
            { word: "Granted", of: (row) => row.granted },
            { word: "Used", of: (row) => row.consumed },
            { word: "Left", of: (row) => row.remaining },
            { word: "Lasts until", of: (row) => row.exhaustedOn ?? "–" },
          ]}
        />
      </Card>
      <Card title="Pauses" says="Who paused clocks, and what came of it" report="pauseAudit" period={period} wide>
        <Figures
          name="Pauses"
          rows={reports.pauseAudit}
          nothing="Nobody paused anything."
          columns={[
            { word: "Who and why", of: (row) => row.groups.map((group) => (group.dimension === "PERSON" ? group.label : sentence(group.label))).join(", "), text: true },
            { word: "Pauses", of: (row) => row.pauses },
            { word: "Open time", of: (row) => spanWord(secondsOf(row.openTime)) },
            { word: "Longest", of: (row) => spanWord(secondsOf(row.longest)) },
            { word: "Customer wrote meanwhile", of: (row) => row.customerSpoke },
            { word: "Kept by it only", of: (row) => row.metOnlyByPausing },
          ]}
        />
      </Card>
    </>
  );
}
