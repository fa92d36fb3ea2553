/** What sets a rule off, for which cases it acts, and what it does. */

import { Alert, Button, Fieldset, Group, Modal, MultiSelect, Select, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Plus, Save, Trash2 } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { type Group as Condition, readCondition, sentCondition, unsaid } from "../../conditions/condition";
import { ConditionEditor } from "../../conditions/condition-editor";
import { useChoices } from "../../conditions/use-choices";
import { type AutomationTrigger, type CaseField, DeleteRuleDocument, type RuleInFullFragment, SaveRuleDocument } from "../../gql/graphql";
import { at, type Declined, useAct } from "../../graph/act";
import { Refusals } from "../../parts/refusals";
import { useSession } from "../../session/viewer";
import { options } from "../../words/labels";
import { DeedEditor } from "./deed-editor";
import { type Deed, isUnsaid, namedIn, newDeed, readDeed, sentDeed } from "./deeds";
import { MinutesField } from "./minutes-field";
import { Active, namedInCondition } from "./rule-list";
import { TRIGGERS, WATCHABLE } from "./rule-words";
import list from "../../parts/list.module.css";
import css from "./rules.module.css";

const MOST = 10;

export function RuleEditor({ rule }: { rule?: RuleInFullFragment }) {
  const [, go] = useLocation();
  const { may, teams } = useSession();
  const save = useAct(SaveRuleDocument);
  const [name, setName] = useState(rule?.name ?? "");
  const [trigger, setTrigger] = useState<AutomationTrigger>(rule?.trigger ?? "ON_CREATE");
  const [watched, setWatched] = useState<CaseField[]>(rule?.watched ?? []);
  const [every, setEvery] = useState(String(rule?.everyMinutes ?? 60));
  const [idle, setIdle] = useState(rule?.idleMinutes ? String(rule.idleMinutes) : "");
  const [when, setWhen] = useState<Condition>(() => readCondition(rule?.when ?? {}));
  const [deeds, setDeeds] = useState<Deed[]>(() => (rule ? (rule.actions as Record<string, unknown>[]).map(readDeed) : [newDeed()]));
  const [missing, setMissing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const known = useChoices([...namedInCondition(when), ...deeds.flatMap(namedIn)]);
  useEffect(() => {
    document.title = `${rule?.name ?? "New rule"} · Casegraph`;
  }, [rule?.name]);

  const said = sentCondition(when);
  const disabled = !may("saveAutomationRule") || said === null;
  const unfinished = unsaid(when);

  async function send(event: FormEvent) {
    event.preventDefault();
    setMissing(unfinished || deeds.some(isUnsaid));
    if (unfinished || deeds.some(isUnsaid) || said === null) return;
    const sent = await save.run({
      name,
      trigger,
      when: said,
      actions: deeds.map((deed) => sentDeed(deed, new Set(teams.map((team) => team.id)))),
      ...(trigger === "ON_UPDATE" ? { watched } : {}),
      ...(trigger === "SCHEDULE" ? { everyMinutes: Number(every) || 0, ...(idle ? { idleMinutes: Number(idle) } : {}) } : {}),
      ...(rule ? { ruleId: rule.id } : {}),
    });
    const kept = sent?.automationRule;
    if (!kept) return;
    notifications.show({ color: "green", message: `${kept.name} is saved${kept.active ? ", and acts like this from now on" : "; it acts once it is active"}.` });
    if (!rule) go(`/rules/${kept.id}`);
  }

  const setDeed = (place: number, deed: Deed | null) => setDeeds(deeds.flatMap((one, at) => (at !== place ? [one] : deed ? [deed] : [])));
  const swap = (one: number, other: number) => setDeeds(deeds.map((deed, at) => (at === one ? deeds[other]! : at === other ? deeds[one]! : deed)));
  const ofDeed = (place: number) => (missing && isUnsaid(deeds[place]!) ? "Say what it is to do." : deedFault(save.declined, place));
  return (
    <>
      <div className={list.head}>
        <div className={list.name}>
          <Title order={1}>{rule?.name ?? "New rule"}</Title>
          <Text size="sm" c="dimmed">
            {rule ? `Number ${rule.place + 1} of all rules.` : "It acts once it is active, after all others."}
          </Text>
        </div>
        {rule && <Active rule={rule} />}
      </div>
      <form onSubmit={send} className={`panel ${list.box} ${list.form}`} aria-label="Rule" noValidate>
        {said === null && (
          <Alert color="yellow" variant="outline">
            Its condition names rows that only the API can name; change it there.
          </Alert>
        )}
        <TextInput label="Name" withAsterisk maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} error={at(save.declined, "name")} disabled={disabled} />
        <Fieldset legend="When">
          <div className={list.pair}>
            <Select
              label="What sets it off"
              data={options(TRIGGERS)}
              value={trigger}
              onChange={(next) => next && setTrigger(next)}
              allowDeselect={false}
              error={at(save.declined, "trigger")}
              disabled={disabled}
            />
            {trigger === "ON_UPDATE" && (
              <MultiSelect
                label="One of these fields"
                placeholder={watched.length ? "" : "Any change"}
                data={WATCHABLE}
                value={watched}
                onChange={(fields) => setWatched(fields as CaseField[])}
                searchable
                error={at(save.declined, "watched")}
                disabled={disabled}
              />
            )}
            {trigger === "SCHEDULE" && (
              <>
                <MinutesField label="It looks every" value={every} onChange={setEvery} error={at(save.declined, "everyMinutes")} disabled={disabled} />
                <MinutesField label="At cases that did not change for" value={idle} onChange={setIdle} error={at(save.declined, "idleMinutes")} disabled={disabled} />
              </>
            )}
          </div>
        </Fieldset>
        <Fieldset legend="If">
          {when.parts.length === 0 && (
            <Text size="sm" c="dimmed" mb="xs">
              For every case.
            </Text>
          )}
          <ConditionEditor group={when} change={setWhen} known={known} disabled={disabled} />
          {(whenFault(save.declined) ?? (missing && unfinished)) && (
            <Text size="xs" c="var(--mantine-color-error)" mt={6} role="alert">
              {whenFault(save.declined) ?? "Say with what each is compared, or take it away."}
            </Text>
          )}
        </Fieldset>
        <Fieldset legend="Then, all of it or nothing">
          <ol className={css.deeds}>
            {deeds.map((deed, place) => (
              <DeedEditor
                key={place}
                deed={deed}
                number={place + 1}
                change={(next) => setDeed(place, next)}
                known={known}
                disabled={disabled}
                error={ofDeed(place)}
                remove={deeds.length > 1 ? () => setDeed(place, null) : undefined}
                move={{ ...(place > 0 ? { up: () => swap(place, place - 1) } : {}), ...(place < deeds.length - 1 ? { down: () => swap(place, place + 1) } : {}) }}
              />
            ))}
          </ol>
          {!disabled && deeds.length < MOST && (
            <Button mt="sm" size="compact-sm" variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={() => setDeeds([...deeds, newDeed()])}>
              Add a deed
            </Button>
          )}
        </Fieldset>
        <Refusals of={save.declined.filter((one) => !isShown(one, trigger))} />
        <div className={list.foot}>
          {rule && may("deleteAutomationRule") && (
            <Button mr="auto" variant="subtle" color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => setDeleting(true)}>
              Delete…
            </Button>
          )}
          <Button component={Link} href="/rules" variant="default">
            Leave
          </Button>
          {may("saveAutomationRule") && (
            <Button type="submit" leftSection={<Save size={15} aria-hidden />} loading={save.busy} disabled={disabled}>
              Save
            </Button>
          )}
        </div>
      </form>
      {deleting && rule && <Delete rule={rule} close={() => setDeleting(false)} />}
    </>
  );
}

function Delete({ rule, close }: { rule: RuleInFullFragment; close: () => void }) {
  const [, go] = useLocation();
  const act = useAct(DeleteRuleDocument);
  async function send() {
    if (!(await act.run({ ruleId: rule.id }))) return;
    notifications.show({ color: "green", message: `${rule.name} is deleted.` });
    go("/rules");
  }
  return (
    <Modal opened onClose={close} title={`Delete ${rule.name}`} closeButtonProps={{ "aria-label": "Close" }}>
      <Text size="sm">What it did stays, and so does its log, with its name.</Text>
      <Refusals of={act.declined} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" size="sm" onClick={close}>
          Keep it
        </Button>
        <Button color="red" size="sm" loading={act.busy} onClick={send}>
          Delete the rule
        </Button>
      </Group>
    </Modal>
  );
}

function deedFault(declined: Declined[], place: number): string | undefined {
  return declined.find((one) => one.path?.[1] === "actions" && one.path[2] === String(place))?.message;
}

function whenFault(declined: Declined[]): string | undefined {
  return at(declined, "when");
}

/** Whether the form has a place for what was declined. */
function isShown(one: Declined, trigger: AutomationTrigger): boolean {
  const [, field, place] = one.path ?? [];
  if (field === "actions") return place !== undefined;
  if (field === "watched") return trigger === "ON_UPDATE";
  if (field === "everyMinutes" || field === "idleMinutes") return trigger === "SCHEDULE";
  return field === "name" || field === "trigger" || field === "when";
}
