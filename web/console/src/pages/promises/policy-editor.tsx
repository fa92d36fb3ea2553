/** A policy as a whole: its promises in their order, what pauses them, its versions; tried on open cases before it holds. */

import { Alert, Button, Group, Menu, Text, Textarea, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { History } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useClient } from "urql";
import { useLocation } from "wouter";
import { useChoices } from "../../conditions/use-choices";
import { PreviewPromisesDocument, type PreviewPromisesQuery, type PromisesQuery, SavePolicyDocument } from "../../gql/graphql";
import { at, useAct } from "../../graph/act";
import { Tag } from "../../look/tag";
import { useSession } from "../../session/viewer";
import { precise } from "../../words/times";
import { homeless } from "./findings";
import { ItemsTable } from "./items-table";
import { Pauses } from "./pauses";
import { isUnsaid, KPIS, namedIn, type Policy, readPolicy, sentPolicy } from "./policy";
import { PolicyActs, usePolicyActs } from "./policy-acts";
import { Preview } from "./preview";
import css from "./promises.module.css";

type Stored = PromisesQuery["slaPolicies"]["nodes"][number];

const BLANK = { name: "", description: "", spec: {} };

export function PolicyEditor({ policy, calendars }: { policy: Stored | null; calendars: { id: string; name: string }[] }) {
  const { may } = useSession();
  const [, go] = useLocation();
  const client = useClient();
  const save = useAct(SavePolicyDocument);
  const acts = usePolicyActs();
  const stored = JSON.stringify([policy?.spec, policy?.name, policy?.description]);
  const before = useMemo(() => readPolicy(policy ?? BLANK), [stored]);
  const [draft, setDraft] = useState<Policy | null>(null);
  useEffect(() => setDraft(null), [stored]); // it is what was saved, by oneself or by a colleague
  const [preview, setPreview] = useState<PreviewPromisesQuery["previewSla"] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  const shown = draft ?? before;
  const known = useChoices(useMemo(() => namedIn(shown), [shown]));
  const input = sentPolicy(shown);
  const unsendable = sentPolicy(before) === null;
  const disabled = !may("saveSlaPolicy") || unsendable;
  const changed = draft !== null && JSON.stringify(input) !== JSON.stringify(sentPolicy(before));
  const hindered = unsendable
    ? "It says something that only the API can change."
    : isUnsaid(shown)
      ? "A condition is not said to its end."
      : null;
  const every = [save, ...Object.values(acts)];
  const declined = every.flatMap((act) => act.declined);
  const kpis = [...new Set([...KPIS, ...shown.kpis.map((kpi) => String(kpi.name))])];

  function change(part: Partial<Policy>) {
    setDraft({ ...shown, ...part });
    setPreview(null);
    const moved = part.items && part.items.map(({ key }) => key).join() !== shown.items.map(({ key }) => key).join();
    if (moved) every.forEach((act) => act.forget()); // findings go by place, and the places are others now
  }
  async function keep() {
    every.forEach((act) => act.forget());
    const saved = input && (await save.run({ ...input, ...(policy ? { policyId: policy.id } : {}) }));
    if (!saved) return;
    notifications.show({ color: "green", message: `${shown.name} is saved, and changes nothing yet.` });
    if (!policy && saved.slaPolicy) go(`/promises/policies/${saved.slaPolicy.id}`);
  }
  async function look() {
    setTrouble(null);
    const asked = { input: { policyId: policy!.id } };
    const { data, error } = await client.query(PreviewPromisesDocument, asked, { requestPolicy: "network-only" }).toPromise();
    setPreview(data?.previewSla ?? null);
    if (error) setTrouble(error.graphQLErrors[0]?.message ?? "The preview could not be made.");
  }

  return (
    <>
      <section className={`panel ${css.box}`} aria-label={policy?.name ?? "New policy"}>
        <Group justify="space-between" align="flex-start" mb="sm" gap="sm">
          <Group gap="xs">
            <Title order={2} size="h3">
              {policy?.name ?? "New policy"}
            </Title>
            {policy && <Tag tone={policy.active ? "green" : "gray"}>{policy.active ? `In use, version ${policy.version}` : "Not in use"}</Tag>}
            {policy?.isDefault && <Tag tone="blue">Default</Tag>}
          </Group>
          {policy && policy.versions.nodes.length > 0 && (
            <Versions versions={policy.versions.nodes} choose={(spec) => change(readPolicy({ name: shown.name, description: shown.description, spec }))} disabled={disabled} />
          )}
        </Group>
        {policy?.fault && (
          <Alert color="yellow" variant="outline" mb="sm">
            {policy.fault}
          </Alert>
        )}
        <Group align="flex-start" gap="sm" mb="sm">
          <TextInput
            size="xs"
            label="Name"
            value={shown.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={at(save.declined, "name")}
            withAsterisk
            disabled={disabled}
          />
          <Textarea
            size="xs"
            label="Description"
            className={css.grow}
            value={shown.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
            autosize
            minRows={1}
            maxRows={5}
            error={at(save.declined, "description")}
            disabled={disabled}
          />
        </Group>
        <ItemsTable items={shown.items} kpis={kpis} calendars={calendars} known={known} change={(items) => change({ items })} declined={declined} disabled={disabled} />
      </section>
      <Pauses policy={shown} kpis={kpis} change={change} known={known} declined={declined} disabled={disabled} />
      {[...(trouble ? [trouble] : []), ...homeless(declined).map((one) => one.message)].map((message) => (
        <Alert key={message} color="red" variant="outline" role="alert">
          {message}
        </Alert>
      ))}
      {preview && <Preview preview={preview} />}
      {may("saveSlaPolicy") && (
        <PolicyActs policy={policy} acts={acts} save={save} hindered={hindered} changed={changed} keep={keep} look={look} />
      )}
    </>
  );
}

interface VersionsProps {
  versions: Stored["versions"]["nodes"];
  choose: (spec: Stored["spec"]) => void;
  disabled: boolean;
}

/** What it was before. An earlier version is taken up again as a draft, to be saved and activated as any other. */
function Versions({ versions, choose, disabled }: VersionsProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<History size={14} aria-hidden />}>
          Versions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Take one up again</Menu.Label>
        {versions.map((version) => (
          <Menu.Item key={version.id} disabled={disabled} onClick={() => choose(version.spec)}>
            Version {version.number}{" "}
            <Text span size="xs" c="dimmed">
              since {precise(version.createdAt)}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
