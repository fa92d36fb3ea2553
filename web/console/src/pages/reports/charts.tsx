/** Charts in the colours of the console. What each shows stands beside it as a table for those who do not see it. */

import { Area, AreaChart, Bar, BarChart, CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Tone } from "../../words/labels";
import css from "./reports.module.css";

export interface Series {
  key: string;
  word: string;
  tone: Tone;
}

interface Props {
  kind: "bars" | "stack" | "lines" | "area";
  rows: Record<string, string | number | null>[];
  series: Series[];
  unit?: string;
  sideways?: boolean;
  most?: number;
  height?: number;
}

const AXIS = { fontSize: 11.5, fill: "var(--mantine-color-dimmed)" };

export function Chart({ kind, rows, series, unit = "", sideways = false, most, height = 230 }: Props) {
  const Frame = kind === "lines" ? LineChart : kind === "area" ? AreaChart : BarChart;
  const domain: [number, number | "auto"] = [0, most ?? "auto"];
  return (
    <>
      <div className={css.chart} style={{ height }} aria-hidden>
        <ResponsiveContainer width="100%" height="100%">
          <Frame data={rows} layout={sideways ? "vertical" : "horizontal"} margin={{ top: 6, right: 12, bottom: 0, left: sideways ? 8 : -14 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" vertical={sideways} horizontal={!sideways} />
            {sideways ? (
              <>
                <XAxis type="number" tick={AXIS} stroke="var(--line)" unit={unit} domain={domain} allowDecimals={false} />
                <YAxis type="category" dataKey="name" tick={AXIS} stroke="var(--line)" width={118} />
              </>
            ) : (
              <>
                <XAxis dataKey="name" tick={AXIS} stroke="var(--line)" minTickGap={18} />
                <YAxis tick={AXIS} stroke="var(--line)" unit={unit} domain={domain} allowDecimals={false} />
              </>
            )}
            <Tooltip
              cursor={{ fill: "var(--hover)" }}
              contentStyle={{ background: "var(--surface)", border: "1px solid var(--line)", borderRadius: 8, fontSize: 12.5 }}
              labelStyle={{ color: "var(--mantine-color-text)", fontWeight: 600 }}
              itemStyle={{ color: "var(--mantine-color-text)" }}
            />
            {series.length > 1 && <Legend itemSorter={null} wrapperStyle={{ fontSize: 12 }} formatter={(word) => <span style={{ color: "var(--mantine-color-text)" }}>{word}</span>} />}
            {series.map(({ key, word, tone }) => {
              const colour = `var(--tone-${tone}-mark)`;
              const plain = { dataKey: key, name: word, isAnimationActive: false, unit };
              if (kind === "lines") return <Line key={key} {...plain} stroke={colour} strokeWidth={2} dot={false} connectNulls />;
              if (kind === "area") return <Area key={key} {...plain} stroke={colour} fill={colour} fillOpacity={0.18} strokeWidth={2} />;
              return <Bar key={key} {...plain} fill={colour} maxBarSize={34} {...(kind === "stack" ? { stackId: "one" } : {})} />;
            })}
          </Frame>
        </ResponsiveContainer>
      </div>
      <div className="visually-hidden">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            {series.map((one) => (
              <th key={one.key} scope="col">
                {one.word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={String(row.name)}>
              <th scope="row">{row.name}</th>
              {series.map((one) => (
                <td key={one.key}>
                  {row[one.key]}
                  {unit}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      </div>
    </>
  );
}
