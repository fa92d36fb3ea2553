/** What a change would do to the clocks of open cases, before anything is written. */

import { Anchor, Table, Text } from "@mantine/core";
import { Link } from "wouter";
import type { PreviewPromisesQuery } from "../../gql/graphql";
import { Tag } from "../../look/tag";
import { kpiWord } from "../../words/labels";
import { precise, secondsOf, spanWord } from "../../words/times";
import css from "./promises.module.css";

const SHOWN = 50;

export function Preview({ preview }: { preview: PreviewPromisesQuery["previewSla"] }) {
  const figures: [string, number][] = [
    ["cases looked at", preview.cases],
    ["would have another clock", preview.changed],
    ["breaches would come", preview.gained],
    ["breaches would go", preview.lost],
  ];
  return (
    <section className={`panel ${css.box}`} aria-label="Preview of the change">
      <h2>What it would do</h2>
      <div className={css.figures}>
        {figures.map(([word, count]) => (
          <div key={word} className={css.figure}>
            <b>{count}</b>
            <span>{word}</span>
          </div>
        ))}
      </div>
      {preview.differences.length === 0 ? (
        <Text size="sm" c="dimmed">
          No clock of an open case would change.
        </Text>
      ) : (
        <div className={css.scroll} role="region" aria-label="Clocks that would change" tabIndex={0}>
          <Table fz="sm" verticalSpacing={5} miw={620}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Case</Table.Th>
                <Table.Th>Promise</Table.Th>
                <Table.Th>Due now</Table.Th>
                <Table.Th>Would be due</Table.Th>
                <Table.Th>Moved by</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {preview.differences.slice(0, SHOWN).map((one) => (
                <Table.Tr key={`${one.case?.id} ${one.kpi} ${one.cycle}`}>
                  <Table.Td>
                    {one.case && (
                      <Anchor component={Link} href={`/cases/${one.case.number}`} size="sm">
                        {one.case.number}
                      </Anchor>
                    )}
                  </Table.Td>
                  <Table.Td>{kpiWord(one.kpi)}</Table.Td>
                  <Table.Td>{one.before?.failAt ? precise(one.before.failAt) : "–"}</Table.Td>
                  <Table.Td>{one.after?.failAt ? precise(one.after.failAt) : "–"}</Table.Td>
                  <Table.Td>
                    {one.movedBy ? `${secondsOf(one.movedBy) < 0 ? "−" : "+"}${spanWord(secondsOf(one.movedBy))}` : "–"}{" "}
                    {one.breach && <Tag tone={one.breach === "GAINED" ? "red" : "green"}>{one.breach === "GAINED" ? "Breach" : "No breach"}</Tag>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {preview.differences.length > SHOWN && (
            <Text size="xs" c="dimmed" mt={6}>
              and {preview.differences.length - SHOWN} more
            </Text>
          )}
        </div>
      )}
    </section>
  );
}
