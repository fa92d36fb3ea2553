/** All else that can be done with a case, by what it is about. What opens a form ends in dots. */

import { ActionIcon, Menu } from "@mantine/core";
import {
  ArrowRightLeft,
  Ban,
  BellRing,
  Combine,
  CornerUpLeft,
  Ellipsis,
  Flag,
  FlagOff,
  GitBranchPlus,
  Hand,
  Inbox,
  type LucideIcon,
  Pencil,
  PhoneCall,
  Scissors,
  Search,
  StepForward,
  Trash2,
  X,
} from "lucide-react";
import { useEffect } from "react";
import {
  type CaseStatusReason,
  PickCaseDocument,
  ProgressCaseDocument,
  ReleaseCaseDocument,
  UnqueueCaseDocument,
} from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { PAUSING, REASON_WORDS } from "../../../words/labels";
import { tell, useCaseAct, useShown } from "../use-case-act";
import { useAsk } from "./asking";

const STEPS: CaseStatusReason[] = ["IN_PROGRESS", "RESEARCHING"];

interface Entry {
  word: string;
  icon: LucideIcon;
  does: () => unknown;
  color?: string;
}

export function MoreMenu({ cancel }: { cancel: () => void }) {
  const { case: one } = useShown();
  const { may, viewer } = useSession();
  const ask = useAsk();
  const progress = useCaseAct(ProgressCaseDocument);
  const pick = useCaseAct(PickCaseDocument);
  const release = useCaseAct(ReleaseCaseDocument);
  const unqueue = useCaseAct(UnqueueCaseDocument);
  const said = [progress, pick, release, unqueue].flatMap((act) => act.declined);
  useEffect(() => tell(said), [said.map((each) => each.message).join()]);

  const active = one.status === "ACTIVE";
  const waits = PAUSING.has(one.statusReason);
  const item = one.queueItem;
  const mine = item?.worker && item.worker.id === viewer.person?.id;
  const groups: (Entry | false | null | undefined)[][] = [
    [
      active && may("updateCase") && { word: "Edit…", icon: Pencil, does: () => ask("edit") },
      ...STEPS.map(
        (reason) =>
          active && !waits && reason !== one.statusReason && may("progressCase") && { word: REASON_WORDS[reason], icon: Search, does: () => progress.run({ reason }) },
      ),
      active && one.stage && may("advanceStage") && { word: "To another stage…", icon: StepForward, does: () => ask("stage") },
      active && may("recordResponse") && { word: "Answered elsewhere…", icon: PhoneCall, does: () => ask("response") },
    ],
    [
      active && may("escalateCase") && { word: one.isEscalated ? "Take the escalation back…" : "Escalate…", icon: one.isEscalated ? FlagOff : Flag, does: () => ask("escalate") },
      active && may("urgeCase") && { word: "Urge…", icon: BellRing, does: () => ask("urge") },
    ],
    [
      active && item?.state === "AVAILABLE" && may("pickQueueItem") && viewer.person && { word: `Pick from ${item.queue?.name ?? "its queue"}`, icon: Hand, does: () => pick.run({}) },
      active && item?.state === "PICKED" && may("releaseQueueItem") && (mine || may("saveQueue")) && { word: "Put back into its queue", icon: CornerUpLeft, does: () => release.run({}) },
      active && may("addToQueue") && { word: item ? "Into another queue…" : "Into a queue…", icon: Inbox, does: () => ask("queue") },
      active && item && may("removeFromQueue") && { word: "Out of its queue", icon: X, does: () => unqueue.run({}) },
    ],
    [
      active && may("createChildCase") && { word: "Open a part of it…", icon: GitBranchPlus, does: () => ask("child") },
      active && may("splitCase") && { word: "Split off a case…", icon: Scissors, does: () => ask("split") },
      active && may("mergeCases") && { word: "Merge with…", icon: Combine, does: () => ask("merge") },
      active && may("changeCaseCustomer") && { word: "To another customer…", icon: ArrowRightLeft, does: () => ask("customer") },
    ],
    [
      active && may("cancelCase") && { word: "Cancel the case…", icon: Ban, does: cancel, color: "red" },
      may("deleteCase") && { word: "Delete it…", icon: Trash2, does: () => ask("delete"), color: "red" },
    ],
  ];
  const shown = groups.map((group) => group.filter((entry) => entry) as Entry[]).filter((group) => group.length);
  if (!shown.length) return null;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label="More">
          <Ellipsis size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah="70dvh" style={{ overflowY: "auto" }}>
        {shown.map((group, place) => (
          <div key={group[0]!.word}>
            {place > 0 && <Menu.Divider />}
            {group.map(({ word, icon: Icon, does, color }) => (
              <Menu.Item key={word} leftSection={<Icon size={15} aria-hidden />} onClick={does} {...(color ? { color } : {})}>
                {word}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
