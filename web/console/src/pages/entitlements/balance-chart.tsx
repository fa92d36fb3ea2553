/** What was left of a contract at any time, and how long it lasts at the rate of late. The ledger has the same in rows. */

import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { current } from "./bars";
import { stepsOf, wayOn } from "./balance";
import type { Whole } from "./entitlement-page";
import { dateWord, quantity, unitOf } from "./entitlement-words";
import css from "./entitlements.module.css";

const AXIS = { fontSize: 11.5, fill: "var(--mantine-color-dimmed)" };
const DAY = 86_400_000;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export default function BalanceChart({ one }: { one: Whole }) {
  const now = Date.now();
  const balance = current(one.balances);
  const leftNow = Number(balance?.available ?? 0);
  const steps = stepsOf(one.latest.nodes, !one.latest.pageInfo.hasPreviousPage, leftNow);
  const last = steps.at(-1);
  const until = Date.parse(`${balance?.endsOn ?? one.endsOn}T23:59:59Z`);
  const goesOn = one.state === "ACTIVE" ? wayOn(leftNow, Number(one.forecast.perDay), now, until) : [];
  const run = last && last.at < now && one.state !== "CANCELED" ? [...steps, { at: Math.min(now, Math.max(until, last.at)), left: last.left }] : steps;
  const from = run[0]?.at ?? now;
  const to = Math.max(goesOn.at(-1)?.at ?? 0, run.at(-1)?.at ?? now);
  const unit = unitOf(one.allocation);
  const summary = `${run.length ? `${quantity(run[0]!.left)} ${unit} at first, ${quantity(run.at(-1)!.left)} now` : "Nothing yet"}${
    one.forecast.exhaustedOn ? `; used up on ${dateWord(one.forecast.exhaustedOn)} at this rate` : ""
  }. Every line is in the ledger below.`;
  return (
    <div className={css.chart} role="img" aria-label={summary}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart margin={{ top: 8, right: 14, bottom: 0, left: -14 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            type="number"
            dataKey="at"
            domain={[from, to]}
            tick={AXIS}
            stroke="var(--line)"
            minTickGap={40}
            tickFormatter={(at: number) => (to - from < 2 * DAY ? clock : day).format(at)}
            allowDuplicatedCategory={false}
          />
          <YAxis tick={AXIS} stroke="var(--line)" domain={[(least: number) => Math.min(0, least), "auto"]} />
          <Tooltip
            labelFormatter={(at) => moment.format(Number(at))}
            formatter={(left) => `${quantity(Number(left))} ${unit}`}
            contentStyle={{ background: "var(--surface)", border: "1px solid var(--line)", borderRadius: 8, fontSize: 12.5 }}
            labelStyle={{ color: "var(--mantine-color-text)", fontWeight: 600 }}
            itemStyle={{ color: "var(--mantine-color-text)" }}
          />
          <ReferenceLine y={0} stroke="var(--tone-gray-mark)" />
          {goesOn.length > 0 && <ReferenceLine x={now} stroke="var(--tone-gray-mark)" strokeDasharray="2 4" />}
          <Line data={run} dataKey="left" name="Left" type="stepAfter" stroke="var(--tone-blue-mark)" strokeWidth={2} dot={false} isAnimationActive={false} />
          <Line data={goesOn} dataKey="left" name="At this rate" stroke="var(--tone-amber-mark)" strokeWidth={2} strokeDasharray="6 5" dot={false} isAnimationActive={false} />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
