/** The way of a change: saved, looked at, then in force; and what else becomes of a policy. */

import { ActionIcon, Button, Group, Menu, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { CheckCheck, Ellipsis, Eye, PowerOff, RefreshCw, Save, Star } from "lucide-react";
import { ActivatePolicyDocument, DeactivatePolicyDocument, DefaultPolicyDocument, RecalculateDocument } from "../../gql/graphql";
import { type Act, useAct } from "../../graph/act";
import css from "./promises.module.css";

const green = (message: string) => notifications.show({ color: "green", message });

export function usePolicyActs() {
  return {
    activate: useAct(ActivatePolicyDocument),
    deactivate: useAct(DeactivatePolicyDocument),
    chooseDefault: useAct(DefaultPolicyDocument),
    recalculate: useAct(RecalculateDocument),
  };
}

interface Props {
  policy: { id: string; name: string; active: boolean; isDefault: boolean } | null;
  acts: ReturnType<typeof usePolicyActs>;
  save: Pick<Act<object, unknown>, "busy">;
  /** Why it cannot be saved, or null. */
  hindered: string | null;
  changed: boolean;
  keep: () => void;
  look: () => void;
}

export function PolicyActs({ policy, acts, save, hindered, changed, keep, look }: Props) {
  const { activate, deactivate, chooseDefault, recalculate } = acts;
  const said = hindered ?? (changed ? "Not saved." : "Save, look at what it would do, then let it hold.");
  const on = (of: { id: string }) => ({ policyId: of.id });
  return (
    <div className={`panel ${css.foot}`}>
      <Text size="sm" c="dimmed" mr="auto">
        {said}
      </Text>
      <Group gap="xs">
        <Button variant="default" leftSection={<Save size={15} aria-hidden />} disabled={!changed || hindered !== null} loading={save.busy} onClick={keep}>
          Save as a draft
        </Button>
        {policy && (
          <>
            <Button variant="default" leftSection={<Eye size={15} aria-hidden />} disabled={changed} onClick={look}>
              Preview the change
            </Button>
            <Button
              leftSection={<CheckCheck size={15} aria-hidden />}
              disabled={changed}
              loading={activate.busy}
              onClick={async () => {
                if (await activate.run(on(policy))) green(`New cases get this version of ${policy.name}.`);
              }}
            >
              Let it hold
            </Button>
            <Menu position="top-end">
              <Menu.Target>
                <ActionIcon variant="default" size={30} aria-label="More about the policy">
                  <Ellipsis size={16} aria-hidden />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<RefreshCw size={15} aria-hidden />}
                  disabled={changed || !policy.active}
                  onClick={async () => {
                    const done = await recalculate.run(on(policy));
                    if (done) green(`${done.recalculated} cases have the newest version, ${done.remaining} are left.`);
                  }}
                >
                  Give it to open cases
                </Menu.Item>
                <Menu.Item
                  leftSection={<Star size={15} aria-hidden />}
                  disabled={policy.isDefault || !policy.active}
                  onClick={async () => {
                    if (await chooseDefault.run(on(policy))) green(`${policy.name} is the default.`);
                  }}
                >
                  Make it the default
                </Menu.Item>
                <Menu.Item
                  leftSection={<PowerOff size={15} aria-hidden />}
                  color="red"
                  disabled={!policy.active}
                  onClick={async () => {
                    if (await deactivate.run(on(policy))) green(`${policy.name} is out of use. Cases that have it keep it.`);
                  }}
                >
                  Take it out of use
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )}
      </Group>
    </div>
  );
}
