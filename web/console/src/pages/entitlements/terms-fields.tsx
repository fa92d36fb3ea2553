/** The fields of a contract's terms; each shows what was declined of it. */

import { ActionIcon, Button, Checkbox, Fieldset, Group, Input, MultiSelect, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useQuery } from "urql";
import { ContactsOfDocument, type Origin } from "../../gql/graphql";
import { options, ORIGIN_WORDS } from "../../words/labels";
import { ALLOCATIONS, DECREMENTS, OVERAGES, PERIODS, unitOf } from "./entitlement-words";
import type { Named, Terms } from "./terms";
import list from "../../parts/list.module.css";
import css from "./entitlements.module.css";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

interface Props {
  terms: Terms;
  change: (changed: Partial<Terms>) => void;
  /** What was declined of a term. */
  wrong: (name: keyof Terms | "contactIds") => string | undefined;
  products: Named[];
  /** The company whose contacts may be named; a person's contract has none to name. */
  accountId: string | null;
  /** What cannot be changed any more. */
  fixed: ReadonlySet<keyof Terms>;
}

export function TermsFields({ terms, change, wrong, products, accountId, fixed }: Props) {
  const counts = terms.allocation !== "COVERAGE";
  const unit = unitOf(terms.allocation);
  return (
    <>
      <Fieldset legend="What it grants">
        <div className={list.pair}>
          <Select
            label="It counts"
            data={options(ALLOCATIONS)}
            value={terms.allocation}
            onChange={(allocation) =>
              allocation && change({ allocation, ...(allocation === "HOURS" ? { decrementOn: "RESOLUTION" as const } : {}) })
            }
            allowDeselect={false}
            disabled={fixed.has("allocation")}
            error={wrong("allocation")}
          />
          <Select
            label="A case is charged"
            data={options(DECREMENTS)}
            value={terms.decrementOn}
            onChange={(decrementOn) => decrementOn && change({ decrementOn })}
            allowDeselect={false}
            disabled={fixed.has("decrementOn")}
            error={wrong("decrementOn")}
          />
          {counts && (
            <>
              <Amount label={`Total, in ${unit}`} value={terms.total} change={(total) => change({ total })} error={wrong("total")} />
              <Select
                label="It is granted"
                data={options(PERIODS)}
                value={terms.period}
                onChange={(period) => period && change({ period })}
                allowDeselect={false}
                disabled={fixed.has("period")}
                error={wrong("period")}
              />
            </>
          )}
        </div>
        {counts && terms.period !== "ONCE" && (
          <div className={list.pair} style={{ marginTop: 12 }}>
            <Checkbox
              className={css.check}
              label="What is left goes over to the next"
              checked={terms.rollsOver}
              onChange={(event) => change({ rollsOver: event.currentTarget.checked })}
              error={wrong("rollsOver")}
            />
            {terms.rollsOver && (
              <Amount label={`At most, in ${unit}; empty is all`} value={terms.rollOverLimit} change={(rollOverLimit) => change({ rollOverLimit })} error={wrong("rollOverLimit")} />
            )}
          </div>
        )}
      </Fieldset>
      <Fieldset legend="When it holds">
        <div className={list.pair}>
          <TextInput
            type="date"
            label="First day"
            value={terms.startsOn}
            onChange={(event) => change({ startsOn: event.currentTarget.value })}
            disabled={fixed.has("startsOn")}
            error={wrong("startsOn")}
          />
          <TextInput type="date" label="Last day" value={terms.endsOn} onChange={(event) => change({ endsOn: event.currentTarget.value })} error={wrong("endsOn")} />
          <Select
            label="Time zone"
            placeholder="That of its promises"
            data={[...new Set([...ZONES, ...(terms.zone ? [terms.zone] : [])])]}
            value={terms.zone || null}
            onChange={(zone) => change({ zone: zone ?? "" })}
            searchable
            limit={50}
            clearable
            clearButtonProps={{ "aria-label": "The time zone of its promises" }}
            disabled={fixed.has("zone")}
            error={wrong("zone")}
          />
        </div>
      </Fieldset>
      {counts && (
        <Fieldset legend="When it is used up">
          <div className={list.pair}>
            <Checkbox
              className={css.check}
              label="Further cases are refused"
              checked={terms.restrict}
              onChange={(event) => change({ restrict: event.currentTarget.checked })}
              error={wrong("restrict")}
            />
            <Select
              label="What goes beyond"
              placeholder={terms.restrict ? "Is refused" : "Makes it negative"}
              data={options(OVERAGES)}
              value={terms.overage}
              onChange={(overage) => change({ overage })}
              clearable
              clearButtonProps={{ "aria-label": "As it follows from the refusal" }}
              error={wrong("overage")}
            />
          </div>
        </Fieldset>
      )}
      <Fieldset legend="What and whom it is for">
        <div className={list.pair}>
          <MultiSelect
            label="Products"
            placeholder={terms.productIds.length ? "" : "All"}
            data={products.map(({ id, name }) => ({ value: id, label: name }))}
            value={terms.productIds}
            onChange={(productIds) => change({ productIds })}
            searchable
            error={wrong("productIds")}
          />
          {accountId && <Contacts of={accountId} chosen={terms.contacts} change={(contacts) => change({ contacts })} error={wrong("contactIds")} />}
        </div>
        {counts && <Channels terms={terms} change={change} unit={unit} error={wrong("totalByChannel")} />}
        {terms.allocation === "HOURS" && <Rates terms={terms} change={change} products={products} wrong={wrong} />}
      </Fieldset>
    </>
  );
}

function Amount({ label, value, change, error }: { label: string; value: string; change: (value: string) => void; error: string | undefined }) {
  return (
    <NumberInput
      label={label}
      value={value}
      onChange={(next) => change(String(next))}
      min={0}
      decimalScale={2}
      thousandSeparator=","
      hideControls
      error={error}
    />
  );
}

function Contacts({ of, chosen, change, error }: { of: string; chosen: Named[]; change: (contacts: Named[]) => void; error: string | undefined }) {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [{ data }] = useQuery({ query: ContactsOfDocument, variables: { accountId: of, text: asked } });
  const found = data?.contacts.nodes ?? [];
  const known = new Map([...chosen, ...found].map((one) => [one.id, one.name]));
  return (
    <MultiSelect
      label="Contacts"
      placeholder={chosen.length ? "" : "All of the company"}
      data={[...known].map(([value, label]) => ({ value, label }))}
      value={chosen.map((one) => one.id)}
      onChange={(ids) => change(ids.map((id) => ({ id, name: known.get(id) ?? "" })))}
      searchable
      onSearchChange={setText}
      nothingFoundMessage="Nobody of that name"
      error={error}
    />
  );
}

function Channels({ terms, change, unit, error }: { terms: Terms; change: Props["change"]; unit: string; error: string | undefined }) {
  const shares = terms.totalByChannel;
  const set = (place: number, part: Partial<(typeof shares)[number]>) =>
    change({ totalByChannel: shares.map((one, at) => (at === place ? { ...one, ...part } : one)) });
  const free = (Object.keys(ORIGIN_WORDS) as Origin[]).filter((channel) => !shares.some((one) => one.channel === channel));
  return (
    <Rows
      legend={`Shares of channels, in ${unit}`}
      none="Any channel may use all of it."
      count={shares.length}
      add={free.length ? () => change({ totalByChannel: [...shares, { channel: free[0]!, total: "" }] }) : undefined}
      word="Add a channel"
      error={error}
    >
      {shares.map((one, place) => (
        <div key={place} className={css.rowOf}>
          <Select
            aria-label={`Channel ${place + 1}`}
            data={options(ORIGIN_WORDS).filter(({ value }) => value === one.channel || free.includes(value))}
            value={one.channel}
            onChange={(channel) => set(place, { channel })}
            allowDeselect={false}
          />
          <NumberInput aria-label={`Share of channel ${place + 1}`} min={0} decimalScale={2} hideControls value={one.total} onChange={(total) => set(place, { total: String(total) })} />
          <Remove word={`Take away channel ${place + 1}`} act={() => change({ totalByChannel: shares.filter((_, at) => at !== place) })} />
        </div>
      ))}
    </Rows>
  );
}

function Rates({ terms, change, products, wrong }: Pick<Props, "terms" | "change" | "products" | "wrong">) {
  const rates = terms.percentByProduct;
  const set = (place: number, part: Partial<(typeof rates)[number]>) =>
    change({ percentByProduct: rates.map((one, at) => (at === place ? { ...one, ...part } : one)) });
  return (
    <>
      <NumberInput
        mt="sm"
        maw={260}
        label="Out of opening hours an hour counts, in percent"
        min={0}
        max={10_000}
        allowDecimal={false}
        value={terms.afterHoursPercent}
        onChange={(percent) => change({ afterHoursPercent: String(percent) })}
        error={wrong("afterHoursPercent")}
      />
      <Rows
        legend="An hour for a product counts, in percent"
        none="An hour is an hour, whatever the product."
        count={rates.length}
        add={() => change({ percentByProduct: [...rates, { productId: null, percent: "100" }] })}
        word="Add a product"
        error={wrong("percentByProduct")}
      >
        {rates.map((one, place) => (
          <div key={place} className={css.rowOf}>
            <Select
              aria-label={`Product ${place + 1}`}
              placeholder="Which product"
              data={products.map(({ id, name }) => ({ value: id, label: name }))}
              value={one.productId}
              onChange={(productId) => set(place, { productId })}
              searchable
            />
            <NumberInput aria-label={`Percent of product ${place + 1}`} min={0} max={10_000} allowDecimal={false} hideControls value={one.percent} onChange={(percent) => set(place, { percent: String(percent) })} />
            <Remove word={`Take away product ${place + 1}`} act={() => change({ percentByProduct: rates.filter((_, at) => at !== place) })} />
          </div>
        ))}
      </Rows>
    </>
  );
}

interface RowsProps {
  legend: string;
  none: string;
  count: number;
  add: (() => void) | undefined;
  word: string;
  error: string | undefined;
  children: React.ReactNode;
}

function Rows({ legend, none, count, add, word, error, children }: RowsProps) {
  return (
    <Input.Wrapper label={legend} labelElement="div" error={error} mt="sm">
      {count === 0 && (
        <Text size="sm" c="dimmed" mb={6}>
          {none}
        </Text>
      )}
      {children}
      {add && (
        <Group mt={4}>
          <Button variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={add}>
            {word}
          </Button>
        </Group>
      )}
    </Input.Wrapper>
  );
}

function Remove({ word, act }: { word: string; act: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={word} onClick={act}>
      <Trash2 size={15} aria-hidden />
    </ActionIcon>
  );
}
