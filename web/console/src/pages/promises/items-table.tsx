/** The promises of a policy in their order: of those for one KPI, the first that applies to a case makes it. */

import { ActionIcon, Button, Group, Select, Table, Text } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Plus } from "lucide-react";
import { Fragment, useRef, useState } from "react";
import { conditionInWords } from "../../conditions/condition";
import type { Known } from "../../conditions/use-choices";
import type { Declined } from "../../graph/act";
import { kpiWord } from "../../words/labels";
import { findingsAt } from "./findings";
import { isFoundInDetails, ItemDetails } from "./item-details";
import { type Item, newItem } from "./policy";
import { Target, Wrong } from "./target";
import css from "./promises.module.css";

interface Props {
  items: Item[];
  kpis: string[];
  calendars: { id: string; name: string }[];
  known: Known;
  change: (items: Item[]) => void;
  declined: Declined[];
  disabled: boolean;
}

export function ItemsTable({ items, kpis, calendars, known, change, declined, disabled }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const made = useRef(0);
  const turn = (key: string) => setOpened(new Set(opened.has(key) ? [...opened].filter((one) => one !== key) : [...opened, key]));
  const set = (place: number, part: Partial<Item>) => change(items.map((item, at) => (at === place ? { ...item, ...part } : item)));
  const move = (place: number, to: number) => {
    const moved = items.filter((_, at) => at !== place);
    moved.splice(to, 0, items[place]!);
    change(moved);
  };
  const add = (item: Omit<Item, "key">, place: number) => {
    made.current += 1;
    const key = `new ${made.current}`;
    change([...items.slice(0, place), { ...item, key }, ...items.slice(place)]);
    setOpened(new Set([...opened, key]));
  };
  return (
    <>
      <div className={css.scroll} role="region" aria-label="Promises of the policy" tabIndex={0}>
        <Table fz="sm" verticalSpacing={5} className={css.policy}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Promise</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>Warn after</Table.Th>
              <Table.Th>Due after</Table.Th>
              <Table.Th>Counts in</Table.Th>
              <Table.Th>
                <span className="visually-hidden">Its place</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item, place) => {
              const open = opened.has(item.key) || isFoundInDetails(declined, place);
              const finding = findingsAt(declined, "items", place);
              const name = item.name || `Promise ${place + 1}`;
              return (
                <Fragment key={item.key}>
                  <Table.Tr>
                    <Table.Td>
                      <button type="button" className={css.opener} aria-expanded={open} onClick={() => turn(item.key)}>
                        {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
                        <span>
                          {name}
                          <Text span size="xs" c="dimmed" display="block">
                            {kpiWord(item.kpi)}
                            {item.levels.length ? ` · ${item.levels.length === 1 ? "1 level" : `${item.levels.length} levels`}` : ""}
                          </Text>
                        </span>
                      </button>
                      <Wrong text={finding()} />
                    </Table.Td>
                    <Table.Td className={css.when}>{conditionInWords(item.applicableWhen, known.nameOf)}</Table.Td>
                    <Table.Td data-word="Warn after">
                      {item.warnAfter ? (
                        <Target of={`${name}, warn after`} value={item.warnAfter} change={(warnAfter) => set(place, { warnAfter })} error={finding("warnAfter")} disabled={disabled} />
                      ) : (
                        "–"
                      )}
                    </Table.Td>
                    <Table.Td data-word="Due after">
                      <Target of={`${name}, due after`} value={item.failAfter} change={(failAfter) => set(place, { failAfter })} error={finding("failAfter")} disabled={disabled} />
                    </Table.Td>
                    <Table.Td data-word="Counts in">
                      <div>
                        <Select
                          size="xs"
                          w={160}
                          aria-label={`${name}, counts in`}
                          placeholder="Around the clock"
                          data={calendars.map(({ id, name: called }) => ({ value: id, label: called }))}
                          value={item.calendarId}
                          onChange={(calendarId) => set(place, { calendarId })}
                          clearable={!disabled}
                          clearButtonProps={{ "aria-label": "Around the clock" }}
                          error={Boolean(finding("calendarId"))}
                          disabled={disabled}
                        />
                        <Wrong text={finding("calendarId")} />
                      </div>
                    </Table.Td>
                    <Table.Td>
                      {!disabled && (
                        <Group gap={0} wrap="nowrap">
                          <Move icon={ArrowUp} word={`${name}: further up`} act={place > 0 ? () => move(place, place - 1) : null} />
                          <Move icon={ArrowDown} word={`${name}: further down`} act={place < items.length - 1 ? () => move(place, place + 1) : null} />
                        </Group>
                      )}
                    </Table.Td>
                  </Table.Tr>
                  {open && (
                    <Table.Tr className={css.unfolded}>
                      <Table.Td colSpan={6}>
                        <ItemDetails
                          item={item}
                          place={place}
                          kpis={kpis}
                          change={(part) => set(place, part)}
                          copy={() => add({ ...item, name: `${item.name}, again` }, place + 1)}
                          remove={() => change(items.filter((_, at) => at !== place))}
                          known={known}
                          declined={declined}
                          disabled={disabled}
                        />
                      </Table.Td>
                    </Table.Tr>
                  )}
                </Fragment>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
      {items.length === 0 && (
        <Text size="sm" c="dimmed" py="sm">
          It promises nothing yet.
        </Text>
      )}
      <Wrong text={findingsAt(declined, "items")()} />
      {!disabled && (
        <Button mt="sm" variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={() => add(newItem(""), items.length)}>
          Add a promise
        </Button>
      )}
    </>
  );
}

function Move({ icon: Icon, word, act }: { icon: typeof ArrowUp; word: string; act: (() => void) | null }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={word} disabled={act === null} onClick={act ?? undefined}>
      <Icon size={15} aria-hidden />
    </ActionIcon>
  );
}
