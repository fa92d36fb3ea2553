/** Choosing what the list shows. Every choice is in the address at once. */

import { Button, Group, MultiSelect, Select } from "@mantine/core";
import { SearchBox } from "../../parts/search-box";
import { useSession } from "../../session/viewer";
import { options, PRIORITIES, STATUSES } from "../../words/labels";
import { BUILT_IN, type Filters, NOBODY, SORTS } from "./filters";
import { SaveView } from "./save-view";
import css from "./cases.module.css";

const QUIET = { view: "", status: ["ACTIVE" as const], priority: [], owner: "", team: "", text: "", sort: "" };

export function FilterBar({ filters, change }: { filters: Filters; change: (changed: Partial<Filters>) => void }) {
  const { people, teams, savedViews, may, staff } = useSession();

  const views = [
    { group: "Built in", items: options(BUILT_IN) },
    { group: "Saved", items: savedViews.map((view) => ({ value: view.id, label: view.name })) },
  ].filter((group) => group.items.length);
  const narrowed = filters.priority.length > 0 || filters.owner || filters.team || filters.text || filters.view;

  return (
    <Group gap={8} className={css.filters} role="search" aria-label="Filter cases">
      <SearchBox
        className={css.search}
        label="Search in cases"
        placeholder="Number, title, words said…"
        value={filters.text}
        onChange={(text) => change({ text })}
      />
      {staff && (
        <Select
          className={css.view}
          aria-label="View"
          placeholder="All cases"
          data={views}
          value={filters.view || null}
          onChange={(view) => change({ view: view ?? "", status: view ? [] : ["ACTIVE"], sort: "" })}
          clearable
          clearButtonProps={{ "aria-label": "Leave the view" }}
        />
      )}
      <Many label="Status" data={options(STATUSES)} value={filters.status} onChange={(status) => change({ status })} />
      <Many label="Priority" data={options(PRIORITIES)} value={filters.priority} onChange={(priority) => change({ priority })} />
      {staff && (
        <>
          <Select
            className={css.choice}
            aria-label="Owner"
            placeholder="Owner"
            data={[{ value: NOBODY, label: "Nobody" }, ...people.map((one) => ({ value: one.id, label: one.name }))]}
            value={filters.owner || null}
            onChange={(owner) => change({ owner: owner ?? "" })}
            searchable
            clearable
            clearButtonProps={{ "aria-label": "Any owner" }}
          />
          <Select
            className={css.choice}
            aria-label="Team"
            placeholder="Team"
            data={teams.map((one) => ({ value: one.id, label: one.name }))}
            value={filters.team || null}
            onChange={(team) => change({ team: team ?? "" })}
            clearable
            clearButtonProps={{ "aria-label": "Any team" }}
          />
        </>
      )}
      <Select
        className={css.order}
        aria-label="Order"
        placeholder={filters.text ? "Best first" : "As the view has it"}
        data={options(SORTS)}
        value={filters.sort || null}
        onChange={(sort) => change({ sort: sort ?? "" })}
      />
      {narrowed && (
        <Group gap={4}>
          <Button variant="subtle" onClick={() => change(QUIET)}>
            Clear all
          </Button>
          {may("saveView") && !filters.view && !filters.text && (
            <SaveView filters={filters} onSaved={(view) => change({ view, status: [], priority: [], owner: "", team: "", sort: "" })} />
          )}
        </Group>
      )}
    </Group>
  );
}

interface ManyProps<Value extends string> {
  label: string;
  data: { value: Value; label: string }[];
  value: Value[];
  onChange: (value: Value[]) => void;
}

function Many<Value extends string>({ label, data, value, onChange }: ManyProps<Value>) {
  return (
    <MultiSelect
      className={css.many}
      aria-label={label}
      placeholder={value.length ? "" : `Any ${label.toLowerCase()}`}
      data={data}
      value={value}
      onChange={(chosen) => onChange(chosen as Value[])}
      size="sm"
      hidePickedOptions={false}
      clearable={false}
    />
  );
}
