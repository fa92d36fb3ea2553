/** Figures in rows. */

import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./reports.module.css";

export interface Column<Row> {
  word: string;
  of: (row: Row) => ReactNode;
  text?: boolean;
}

interface Props<Row> {
  name: string;
  rows: Row[];
  columns: Column<Row>[];
  nothing: string;
}

export function Figures<Row>({ name, rows, columns, nothing }: Props<Row>) {
  if (!rows.length) return <p className={css.nothing}>{nothing}</p>;
  return (
    <div className={css.scroll} role="region" aria-label={name} tabIndex={0}>
      <Table fz="sm" verticalSpacing={5} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.word} ta={column.text ? "left" : "right"}>
                {column.word}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, place) => (
            <Table.Tr key={place}>
              {columns.map((column) => (
                <Table.Td key={column.word} ta={column.text ? "left" : "right"} className="number">
                  {column.of(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
