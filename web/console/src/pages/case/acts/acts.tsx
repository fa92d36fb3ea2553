/** The buttons of a case: what its state and the viewer's role allow, and nothing else. */

import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Ban, BellRing, CheckCircle2, Eye, EyeOff, Lock, MessageSquareText, Pause, Play, RotateCcw } from "lucide-react";
import { useEffect } from "react";
import {
  CloseCaseDocument,
  FollowCaseDocument,
  ReactivateCaseDocument,
  ResumeCaseDocument,
  SuspendCaseDocument,
  UnfollowCaseDocument,
} from "../../../gql/graphql";
import { useSession } from "../../../session/viewer";
import { PAUSING, REASON_WORDS } from "../../../words/labels";
import { tell, useCaseAct, useShown } from "../use-case-act";
import { useAsk } from "./asking";
import { CancelDialog } from "./cancel-dialog";
import { MoreMenu } from "./more-menu";
import { ResolveDialog } from "./resolve-dialog";
import { WAITS } from "./wait-form";
import css from "../case.module.css";

export function Acts() {
  const { case: one } = useShown();
  const { may, staff, viewer } = useSession();
  const ask = useAsk();
  const [resolving, resolve] = useDisclosure();
  const [canceling, cancel] = useDisclosure();
  const suspend = useCaseAct(SuspendCaseDocument);
  const resume = useCaseAct(ResumeCaseDocument);
  const close = useCaseAct(CloseCaseDocument);
  const reactivate = useCaseAct(ReactivateCaseDocument);
  const follow = useCaseAct(FollowCaseDocument);
  const unfollow = useCaseAct(UnfollowCaseDocument);
  const said = [suspend, resume, close, reactivate, follow, unfollow].flatMap((act) => act.declined);
  useEffect(() => tell(said), [said.map((one) => one.message).join()]);

  const active = one.status === "ACTIVE";
  const waits = PAUSING.has(one.statusReason);

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
            <Menu.Divider />
            <Menu.Item leftSection={<MessageSquareText size={15} aria-hidden />} onClick={() => ask("wait")}>
              With a note…
            </Menu.Item>
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
      {staff ? <MoreMenu cancel={cancel.open} /> : active && <CustomersActs cancel={cancel.open} />}
      <ResolveDialog opened={resolving} close={resolve.close} />
      <CancelDialog opened={canceling} close={cancel.close} />
    </div>
  );
}

/** Few enough to stand in the open. */
function CustomersActs({ cancel }: { cancel: () => void }) {
  const { may } = useSession();
  const ask = useAsk();
  return (
    <>
      {may("urgeCase") && (
        <Button variant="default" leftSection={<BellRing size={15} aria-hidden />} onClick={() => ask("urge")}>
          Urge
        </Button>
      )}
      {may("cancelCase") && (
        <Button variant="default" leftSection={<Ban size={15} aria-hidden />} onClick={cancel}>
          Cancel the case
        </Button>
      )}
    </>
  );
}
