/** The buttons of a case: what its state and the viewer's role allow, and nothing else. */

import { ActionIcon, Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { Ban, BellRing, CheckCircle2, Ellipsis, Eye, EyeOff, Flag, FlagOff, Inbox, Lock, Pause, Play, RotateCcw, Search, StepForward } from "lucide-react";
import { useEffect } from "react";
import {
  AddToQueueDocument,
  AdvanceStageDocument,
  type CaseStatusReason,
  CloseCaseDocument,
  EscalateCaseDocument,
  FollowCaseDocument,
  ProgressCaseDocument,
  ReactivateCaseDocument,
  ResumeCaseDocument,
  SuspendCaseDocument,
  UnfollowCaseDocument,
  UrgeCaseDocument,
} from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { PAUSING, REASON_WORDS } from "../../../words/labels";
import { tell, useCaseAct, useShown } from "../use-case-act";
import { CancelDialog } from "./cancel-dialog";
import { ResolveDialog } from "./resolve-dialog";
import css from "../case.module.css";

const WAITS = ["WAITING_FOR_DETAILS", "WAITING_FOR_EVIDENCE", "WAITING_FOR_VENDOR", "WAITING_FOR_PROBLEM", "ON_HOLD", "SUSPENDED"] as const;
const STEPS: CaseStatusReason[] = ["IN_PROGRESS", "RESEARCHING"];

export function Acts() {
  const { case: one } = useShown();
  const { may, queues, viewer } = useSession();
  const [resolving, resolve] = useDisclosure();
  const [canceling, cancel] = useDisclosure();
  const suspend = useCaseAct(SuspendCaseDocument);
  const resume = useCaseAct(ResumeCaseDocument);
  const progress = useCaseAct(ProgressCaseDocument);
  const close = useCaseAct(CloseCaseDocument);
  const reactivate = useCaseAct(ReactivateCaseDocument);
  const queue = useCaseAct(AddToQueueDocument);
  const escalate = useCaseAct(EscalateCaseDocument);
  const follow = useCaseAct(FollowCaseDocument);
  const unfollow = useCaseAct(UnfollowCaseDocument);
  const urge = useCaseAct(UrgeCaseDocument);
  const advance = useCaseAct(AdvanceStageDocument);
  const all = [advance, suspend, resume, progress, close, reactivate, queue, escalate, follow, unfollow, urge];
  const said = all.flatMap((act) => act.declined);
  useEffect(() => tell(said), [said.map((one) => one.message).join()]);

  const active = one.status === "ACTIVE";
  const waits = PAUSING.has(one.statusReason);
  const steps = STEPS.filter((step) => step !== one.statusReason);

  return (
    <div className={css.acts} role="toolbar" aria-label="What can be done">
      {may("followCase") && viewer.person && (
        <Button
          variant="default"
          leftSection={one.isFollowed ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
          loading={follow.busy || unfollow.busy}
          onClick={() => (one.isFollowed ? unfollow.run({}) : follow.run({}))}
        >
          {one.isFollowed ? "Unfollow" : "Follow"}
        </Button>
      )}
      {active && waits && may("resumeCase") && (
        <Button variant="default" leftSection={<Play size={15} aria-hidden />} loading={resume.busy} onClick={() => resume.run({})}>
          Resume
        </Button>
      )}
      {active && !waits && may("suspendCase") && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<Pause size={15} aria-hidden />} loading={suspend.busy}>
              Wait for…
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Pauses the case and its clocks</Menu.Label>
            {WAITS.map((reason) => (
              <Menu.Item key={reason} onClick={() => suspend.run({ reason })}>
                {REASON_WORDS[reason]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {active && may("resolveCase") && (
        <Button leftSection={<CheckCircle2 size={15} aria-hidden />} onClick={resolve.open}>
          Resolve
        </Button>
      )}
      {!active && may("reactivateCase") && (
        <Button
          variant="default"
          leftSection={<RotateCcw size={15} aria-hidden />}
          loading={reactivate.busy}
          onClick={() => reactivate.run({})}
        >
          Reactivate
        </Button>
      )}
      {one.status === "RESOLVED" && may("closeCase") && (
        <Button leftSection={<Lock size={15} aria-hidden />} loading={close.busy} onClick={() => close.run({})}>
          Close
        </Button>
      )}
      {active && (
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label="More">
              <Ellipsis size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {!waits && may("progressCase") &&
              steps.map((reason) => (
                <Menu.Item key={reason} leftSection={<Search size={15} aria-hidden />} onClick={() => progress.run({ reason })}>
                  {REASON_WORDS[reason]}
                </Menu.Item>
              ))}
            {one.stage && may("advanceStage") && (
              <Menu.Item leftSection={<StepForward size={15} aria-hidden />} onClick={() => advance.run({})}>
                To the next stage
              </Menu.Item>
            )}
            {may("escalateCase") && (
              <Menu.Item
                leftSection={one.isEscalated ? <FlagOff size={15} aria-hidden /> : <Flag size={15} aria-hidden />}
                onClick={() => escalate.run({ escalated: !one.isEscalated })}
              >
                {one.isEscalated ? "Take the escalation back" : "Escalate"}
              </Menu.Item>
            )}
            {may("urgeCase") && (
              <Menu.Item
                leftSection={<BellRing size={15} aria-hidden />}
                onClick={async () => {
                  const done = await urge.run({});
                  if (done) notifications.show({ message: "The owner was urged.", color: "green" });
                }}
              >
                Urge the owner
              </Menu.Item>
            )}
            {may("addToQueue") && (
              <>
                <Menu.Divider />
                <Menu.Label>Put into a queue</Menu.Label>
                {queues
                  .filter((one_) => one_.id !== one.queueItem?.queue?.id)
                  .slice(0, 8)
                  .map((one_) => (
                    <Menu.Item
                      key={one_.id}
                      leftSection={<Inbox size={15} aria-hidden />}
                      onClick={async () => {
                        const done = await queue.run({ queueId: one_.id });
                        if (done) notifications.show({ message: `${one.number} waits in ${one_.name}.`, color: "green" });
                      }}
                    >
                      {one_.name}
                    </Menu.Item>
                  ))}
              </>
            )}
            {may("cancelCase") && (
              <>
                <Menu.Divider />
                <Menu.Item color="red" leftSection={<Ban size={15} aria-hidden />} onClick={cancel.open}>
                  Cancel the case…
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <ResolveDialog opened={resolving} close={resolve.close} />
      <CancelDialog opened={canceling} close={cancel.close} />
    </div>
  );
}
