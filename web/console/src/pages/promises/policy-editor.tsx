/** The promises of a policy: how long each has, and by which calendar. Tried on open cases before it holds. */

import { Alert, Button, Group, NumberInput, Select, Table, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { CheckCheck, Eye, RefreshCw, Save } from "lucide-react";
import { useState } from "react";
import { useClient } from "urql";
import {
  ActivatePolicyDocument,
  PreviewPromisesDocument,
  type PreviewPromisesQuery,
  type PromisesQuery,
  RecalculateDocument,
  SavePolicyDocument,
  type SlaUnit,
} from "../../gql/graphql";
import { useAct } from "../../graph/act";
import { useSession } from "../../session/viewer";
import { kpiWord } from "../../words/labels";
import { type Amount, type Item, readItems, sentPolicy, UNITS } from "./policy";
import { Preview } from "./preview";
import css from "./promises.module.css";

type Policy = PromisesQuery["slaPolicies"]["nodes"][number];
type Calendars = PromisesQuery["calendars"]["nodes"];

export function PolicyEditor({ policy, calendars }: { policy: Policy; calendars: Calendars }) {
  const { may } = useSession();
  const client = useClient();
  const save = useAct(SavePolicyDocument);
  const activate = useAct(ActivatePolicyDocument);
  const recalculate = useAct(RecalculateDocument);
  const before = readItems(policy.spec, calendars);
  const [items, setItems] = useState(before);
  const [preview, setPreview] = useState<PreviewPromisesQuery["previewSla"] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  const input = sentPolicy(policy, items);
  const disabled = !may("saveSlaPolicy") || input === null;
  const changed = JSON.stringify(items) !== JSON.stringify(before);
  const set = (place: number, part: Partial<Item>) => setItems(items.map((item, at) => (at === place ? { ...item, ...part } : item)));

  async function keep() {
    if (input && (await save.run(input))) notifications.show({ color: "green", message: `${policy.name} is saved, and changes nothing yet.` });
  }
  async function look() {
    setTrouble(null);
    const asked = { input: { policyId: policy.id } };
    const { data, error } = await client.query(PreviewPromisesDocument, asked, { requestPolicy: "network-only" }).toPromise();
    setPreview(data?.previewSla ?? null);
    if (error) setTrouble(error.graphQLErrors[0]?.message ?? "The preview could not be made.");
  }
  async function hold() {
    if (await activate.run({ policyId: policy.id })) notifications.show({ color: "green", message: `New cases get this version of ${policy.name}.` });
  }
  async function give() {
    const done = await recalculate.run({ policyId: policy.id });
    if (done) notifications.show({ color: "green", message: `${done.recalculated} cases have the newest version, ${done.remaining} are left.` });
  }

  const declined = [...save.declined, ...activate.declined, ...recalculate.declined].map((one) => one.message);
  return (
    <>
      <section className={`panel ${css.box}`} aria-label={policy.name}>
        <Title order={2} size="h3">
          {policy.name}
        </Title>
        <Text size="xs" c="dimmed" mb="sm">
          {policy.description} {policy.active ? `In use, version ${policy.version}.` : "Not in use."}
        </Text>
        {policy.fault && (
          <Alert color="yellow" variant="outline" mb="sm">
            {policy.fault}
          </Alert>
        )}
        <div className={css.scroll} role="region" aria-label="Promises of the policy" tabIndex={0}>
          <Table fz="sm" verticalSpacing={5} className={css.policy}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Promise</Table.Th>
                <Table.Th>When</Table.Th>
                <Table.Th>Warn after</Table.Th>
                <Table.Th>Due after</Table.Th>
                <Table.Th>Counts in</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item, place) => (
                <Table.Tr key={item.name}>
                  <Table.Td>
                    {item.name}
                    <Text size="xs" c="dimmed">
                      {kpiWord(item.kpi)}
                    </Text>
                  </Table.Td>
                  <Table.Td className={css.when}>{item.when}</Table.Td>
                  <Table.Td data-word="Warn after">
                    {item.warnAfter ? (
                      <Target of={`${item.name}, warn after`} value={item.warnAfter} change={(warnAfter) => set(place, { warnAfter })} disabled={disabled} />
                    ) : (
                      "–"
                    )}
                  </Table.Td>
                  <Table.Td data-word="Due after">
                    <Target of={`${item.name}, due after`} value={item.failAfter} change={(failAfter) => set(place, { failAfter })} disabled={disabled} />
                  </Table.Td>
                  <Table.Td data-word="Counts in">
                    <Select
                      size="xs"
                      w={160}
                      aria-label={`${item.name}, counts in`}
                      placeholder="Around the clock"
                      data={calendars.map(({ id, name }) => ({ value: id, label: name }))}
                      value={item.calendarId}
                      onChange={(calendarId) => set(place, { calendarId })}
                      clearable={!disabled}
                      clearButtonProps={{ "aria-label": "Around the clock" }}
                      disabled={disabled}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </section>
      {[...(trouble ? [trouble] : []), ...declined].map((message) => (
        <Alert key={message} color="red" variant="outline" role="alert">
          {message}
        </Alert>
      ))}
      {preview && <Preview preview={preview} />}
      {may("saveSlaPolicy") && (
        <div className={`panel ${css.foot}`}>
          <Text size="sm" c="dimmed" mr="auto">
            {input === null
              ? "Its conditions name rows; change it through the API."
              : changed
                ? "Not saved."
                : "Save, look at what it would do, then let it hold."}
          </Text>
          <Group gap="xs">
            <Button variant="default" leftSection={<Save size={15} aria-hidden />} disabled={!changed || disabled} loading={save.busy} onClick={keep}>
              Save as a draft
            </Button>
            <Button variant="default" leftSection={<Eye size={15} aria-hidden />} disabled={changed} onClick={look}>
              Preview the change
            </Button>
            <Button variant="default" leftSection={<RefreshCw size={15} aria-hidden />} disabled={changed || !policy.active} loading={recalculate.busy} onClick={give}>
              Give it to open cases
            </Button>
            <Button leftSection={<CheckCheck size={15} aria-hidden />} disabled={changed} loading={activate.busy} onClick={hold}>
              Let it hold
            </Button>
          </Group>
        </div>
      )}
    </>
  );
}

function Target({ of, value, change, disabled }: { of: string; value: Amount; change: (value: Amount) => void; disabled: boolean }) {
  return (
    <span className={css.target}>
      <NumberInput
        size="xs"
        w={76}
        min={1}
        aria-label={of}
        value={value.amount}
        onChange={(amount) => change({ ...value, amount: Number(amount) || 1 })}
        disabled={disabled}
      />
      <Select
        size="xs"
        w={94}
        aria-label={`${of}, unit`}
        data={(Object.keys(UNITS) as SlaUnit[]).map((unit) => ({ value: unit, label: UNITS[unit] }))}
        value={value.unit}
        onChange={(unit) => unit && change({ ...value, unit })}
        allowDeselect={false}
        disabled={disabled}
      />
    </span>
  );
}
