/** What can be done to a contract where it stands, by whom is allowed to. */

import { Button, Checkbox, Group, Menu, Modal, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { BadgeCheck, Ban, ChevronDown, CirclePlay, Diff, Pencil, RefreshCw, Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Link, useLocation } from "wouter";
import {
  ActivateEntitlementDocument,
  AdjustEntitlementDocument,
  CancelEntitlementDocument,
  DeactivateEntitlementDocument,
  type EntitlementInFullFragment,
  type EntitlementState,
  type Origin,
  RenewEntitlementDocument,
  SetDefaultEntitlementDocument,
} from "../../gql/graphql";
import { at, elsewhere, useAct } from "../../graph/act";
import { Refusals } from "../../parts/refusals";
import { useSession } from "../../session/viewer";
import { ORIGIN_WORDS } from "../../words/labels";
import { unitOf } from "./entitlement-words";
import list from "../../parts/list.module.css";

/** In which states each act is possible. */
const STATES: Record<string, EntitlementState[]> = {
  editEntitlement: ["DRAFT"],
  activateEntitlement: ["DRAFT"],
  amendEntitlement: ["WAITING", "ACTIVE"],
  adjustEntitlement: ["WAITING", "ACTIVE", "EXPIRED"],
  deactivateEntitlement: ["WAITING", "ACTIVE"],
  cancelEntitlement: ["WAITING", "ACTIVE"],
  setDefaultEntitlement: ["ACTIVE"],
  renewEntitlement: ["EXPIRED", "CANCELED"],
};

type Dialog = "adjust" | "cancel" | "renew" | null;

export function EntitlementActs({ one }: { one: EntitlementInFullFragment }) {
  const { may } = useSession();
  const [dialog, setDialog] = useState<Dialog>(null);
  const activate = useAct(ActivateEntitlementDocument);
  const deactivate = useAct(DeactivateEntitlementDocument);
  const prefer = useAct(SetDefaultEntitlementDocument);
  const can = (act: string) => may(act) && STATES[act]!.includes(one.state) && !(act === "setDefaultEntitlement" && one.isDefault) && !(act === "adjustEntitlement" && one.allocation === "COVERAGE");
  const input = { entitlementId: one.id };
  const say = (message: string) => notifications.show({ color: "green", message });

  async function start() {
    activate.forget();
    const done = await activate.run(input);
    if (done) say(`${one.name} is activated.`);
  }
  async function takeBack() {
    if (await deactivate.run(input)) say(`${one.name} is a draft again. What its cases took stays.`);
  }
  async function makeDefault() {
    if (await prefer.run(input)) say(`Cases of ${one.customer?.name ?? "its customer"} get ${one.name} by default.`);
  }

  const more = ["deactivateEntitlement", "cancelEntitlement", "setDefaultEntitlement"].filter(can);
  const edits = can("editEntitlement") || can("amendEntitlement");
  return (
    <div>
      <div className={list.acts} role="toolbar" aria-label="What can be done">
        {more.length > 0 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" rightSection={<ChevronDown size={14} aria-hidden />} loading={deactivate.busy || prefer.busy}>
                More
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {can("setDefaultEntitlement") && (
                <Menu.Item leftSection={<BadgeCheck size={15} aria-hidden />} onClick={makeDefault}>
                  Make it the default
                </Menu.Item>
              )}
              {can("deactivateEntitlement") && (
                <Menu.Item leftSection={<Undo2 size={15} aria-hidden />} onClick={takeBack}>
                  Make it a draft again
                </Menu.Item>
              )}
              {can("cancelEntitlement") && (
                <Menu.Item color="red" leftSection={<Ban size={15} aria-hidden />} onClick={() => setDialog("cancel")}>
                  Cancel it…
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
        {can("adjustEntitlement") && (
          <Button variant="default" leftSection={<Diff size={15} aria-hidden />} onClick={() => setDialog("adjust")}>
            Adjust…
          </Button>
        )}
        {edits && (
          <Button component={Link} href={`/entitlements/${one.id}/edit`} variant="default" leftSection={<Pencil size={15} aria-hidden />}>
            {one.state === "DRAFT" ? "Edit" : "Amend"}
          </Button>
        )}
        {can("activateEntitlement") && (
          <Button leftSection={<CirclePlay size={15} aria-hidden />} loading={activate.busy} onClick={start}>
            Activate
          </Button>
        )}
        {can("renewEntitlement") && (
          <Button leftSection={<RefreshCw size={15} aria-hidden />} onClick={() => setDialog("renew")}>
            Renew…
          </Button>
        )}
      </div>
      <Refusals of={[...activate.declined, ...deactivate.declined, ...prefer.declined]} />
      {dialog === "adjust" && <Adjust one={one} close={() => setDialog(null)} />}
      {dialog === "cancel" && <Cancel one={one} close={() => setDialog(null)} />}
      {dialog === "renew" && <Renew one={one} close={() => setDialog(null)} />}
    </div>
  );
}

interface DialogProps {
  one: EntitlementInFullFragment;
  close: () => void;
}

function Adjust({ one, close }: DialogProps) {
  const act = useAct(AdjustEntitlementDocument);
  const [amount, setAmount] = useState<string | number>("");
  const [note, setNote] = useState("");
  const [channel, setChannel] = useState<Origin | null>(null);

  async function send(event: FormEvent) {
    event.preventDefault();
    const done = await act.run({ entitlementId: one.id, amount: String(amount || 0), note, ...(channel ? { channel } : {}) });
    if (done) close();
  }
  return (
    <Modal opened onClose={close} title="Adjust what is left" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <NumberInput
            label={`By how many ${unitOf(one.allocation)}`}
            description="Below zero takes away."
            decimalScale={2}
            value={amount}
            onChange={setAmount}
            error={at(act.declined, "amount")}
            data-autofocus
          />
          {one.channels.length > 0 && (
            <Select
              label="Share of a channel"
              placeholder="The whole only"
              data={one.channels.map((share) => ({ value: share.channel, label: ORIGIN_WORDS[share.channel] }))}
              value={channel}
              onChange={setChannel}
              clearable
              clearButtonProps={{ "aria-label": "The whole only" }}
              error={at(act.declined, "channel")}
            />
          )}
          <TextInput label="Why" withAsterisk maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} error={at(act.declined, "note")} />
          <Refusals of={elsewhere(act.declined, ["amount", "channel", "note"])} />
          <Group justify="flex-end">
            <Button variant="default" size="sm" onClick={close}>
              Leave it
            </Button>
            <Button type="submit" size="sm" loading={act.busy}>
              Adjust
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Cancel({ one, close }: DialogProps) {
  const act = useAct(CancelEntitlementDocument);
  async function send() {
    if (await act.run({ entitlementId: one.id })) close();
  }
  return (
    <Modal opened onClose={close} title="Cancel the entitlement" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack gap="sm">
        <Text size="sm">It ends before its time, for good. Cases that are on it stay charged as they were.</Text>
        <Refusals of={act.declined} />
        <Group justify="flex-end">
          <Button variant="default" size="sm" onClick={close}>
            Keep it
          </Button>
          <Button color="red" size="sm" loading={act.busy} onClick={send}>
            Cancel the entitlement
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Renew({ one, close }: DialogProps) {
  const [, go] = useLocation();
  const act = useAct(RenewEntitlementDocument);
  const [carryOver, setCarryOver] = useState(false);
  async function send() {
    const done = await act.run({ entitlementId: one.id, carryOver });
    if (!done?.entitlement) return;
    close();
    go(`/entitlements/${done.entitlement.id}`);
  }
  return (
    <Modal opened onClose={close} title="Renew the entitlement" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack gap="sm">
        <Text size="sm">A draft of the same terms for as many days, from today on. The total is granted anew when it is activated.</Text>
        <Checkbox label="With what is left of this one" checked={carryOver} onChange={(event) => setCarryOver(event.currentTarget.checked)} />
        <Refusals of={act.declined} />
        <Group justify="flex-end">
          <Button variant="default" size="sm" onClick={close}>
            Leave it
          </Button>
          <Button size="sm" loading={act.busy} onClick={send}>
            Draft the next one
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
